-- AlterTable
ALTER TABLE "Tokenizer" ADD COLUMN     "catalogueVersion" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "CatalogueLogItem" (
    "version" INTEGER NOT NULL,
    "itemId" INTEGER NOT NULL,
    "beforeKey" TEXT,
    "afterKey" TEXT,
    "isReencoded" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "CatalogueLogItem_pkey" PRIMARY KEY ("version","itemId")
);

-- AddForeignKey
ALTER TABLE "CatalogueLogItem" ADD CONSTRAINT "CatalogueLogItem_version_fkey" FOREIGN KEY ("version") REFERENCES "CatalogueLog"("version") ON DELETE CASCADE ON UPDATE CASCADE;
