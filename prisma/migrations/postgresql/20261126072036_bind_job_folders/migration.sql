-- AlterTable
ALTER TABLE "TrainingJob" ADD COLUMN     "key" TEXT;

-- CreateTable
CREATE TABLE "DatabaseIdentity" (
    "id" INTEGER NOT NULL,
    "key" TEXT NOT NULL,

    CONSTRAINT "DatabaseIdentity_pkey" PRIMARY KEY ("id")
);

INSERT INTO "DatabaseIdentity" ("id", "key") VALUES (1, replace(gen_random_uuid()::text, '-', ''));
