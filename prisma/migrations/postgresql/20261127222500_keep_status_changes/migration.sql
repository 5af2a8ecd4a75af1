-- AlterTable
ALTER TABLE "ProgressEvent" ADD COLUMN     "isStatusChange" BOOLEAN NOT NULL DEFAULT false;

-- CreateIndex
CREATE INDEX "ProgressEvent_isStatusChange_id_idx" ON "ProgressEvent"("isStatusChange", "id");
