-- AlterTable
ALTER TABLE "TrainingJob" ADD COLUMN "key" TEXT;

-- CreateTable
CREATE TABLE "DatabaseIdentity" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "key" TEXT NOT NULL
);

INSERT INTO "DatabaseIdentity" ("id", "key") VALUES (1, lower(hex(randomblob(16))));
