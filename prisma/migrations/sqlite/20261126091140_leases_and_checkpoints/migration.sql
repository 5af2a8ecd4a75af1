-- AlterTable
ALTER TABLE "TrainingJob" ADD COLUMN "snapshot" JSONB;

-- CreateTable
CREATE TABLE "Lease" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "fence" INTEGER NOT NULL,
    "holder" TEXT NOT NULL,
    "expiresAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "CheckpointChunk" (
    "file" TEXT NOT NULL,
    "part" INTEGER NOT NULL,
    "data" BLOB NOT NULL,
    "storedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,

    PRIMARY KEY ("file", "part")
);

-- AlterTable
ALTER TABLE "DemoShop" ADD COLUMN "isComplete" BOOLEAN NOT NULL DEFAULT true;
