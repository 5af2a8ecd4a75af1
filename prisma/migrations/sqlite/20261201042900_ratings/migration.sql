-- AlterTable
ALTER TABLE "Interaction" ADD COLUMN "rating" REAL;
