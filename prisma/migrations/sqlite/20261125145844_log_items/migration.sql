-- CreateTable
CREATE TABLE "CatalogueLogItem" (
    "version" INTEGER NOT NULL,
    "itemId" INTEGER NOT NULL,
    "beforeKey" TEXT,
    "afterKey" TEXT,
    "isReencoded" BOOLEAN NOT NULL DEFAULT false,

    PRIMARY KEY ("version", "itemId"),
    CONSTRAINT "CatalogueLogItem_version_fkey" FOREIGN KEY ("version") REFERENCES "CatalogueLog" ("version") ON DELETE CASCADE ON UPDATE CASCADE
);

-- AlterTable: a column is added in place, since to drop the table would cascade to all semantic IDs
ALTER TABLE "Tokenizer" ADD COLUMN "catalogueVersion" INTEGER NOT NULL DEFAULT 0;
