-- AlterTable
ALTER TABLE "TrainingJob" ADD COLUMN     "snapshot" JSONB;

-- AlterTable
ALTER TABLE "DemoShop" ADD COLUMN     "isComplete" BOOLEAN NOT NULL DEFAULT true;

-- CreateTable
CREATE TABLE "Lease" (
    "name" TEXT NOT NULL,
    "fence" INTEGER NOT NULL,
    "holder" TEXT NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Lease_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "CheckpointChunk" (
    "file" TEXT NOT NULL,
    "part" INTEGER NOT NULL,
    "data" BYTEA NOT NULL,
    "storedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "CheckpointChunk_pkey" PRIMARY KEY ("file","part")
);
