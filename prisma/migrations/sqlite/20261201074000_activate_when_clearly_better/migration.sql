-- AlterTable
ALTER TABLE "TrainingJob" ADD COLUMN "onlyWhenClearlyBetter" BOOLEAN NOT NULL DEFAULT false;
