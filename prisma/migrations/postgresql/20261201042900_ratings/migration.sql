-- AlterTable
ALTER TABLE "Interaction" ADD COLUMN     "rating" DOUBLE PRECISION;
