-- AlterTable
ALTER TABLE "TrainingJob" ADD COLUMN     "deaths" INTEGER NOT NULL DEFAULT 0;
