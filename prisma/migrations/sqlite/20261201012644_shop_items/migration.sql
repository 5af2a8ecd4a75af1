-- AlterTable
ALTER TABLE "Item" ADD COLUMN "currency" TEXT;
ALTER TABLE "Item" ADD COLUMN "url" TEXT;
ALTER TABLE "Item" ADD COLUMN "imageUrl" TEXT;
ALTER TABLE "Item" ADD COLUMN "availability" TEXT NOT NULL DEFAULT 'IN_STOCK';
ALTER TABLE "Item" ADD COLUMN "availableFrom" DATETIME;
ALTER TABLE "Item" ADD COLUMN "availableUntil" DATETIME;
ALTER TABLE "Item" ADD COLUMN "groupId" TEXT;

-- CreateIndex
CREATE INDEX "Item_groupId_idx" ON "Item"("groupId");

-- CreateIndex
CREATE INDEX "Item_availability_idx" ON "Item"("availability");

-- CreateIndex
CREATE INDEX "Item_availableFrom_idx" ON "Item"("availableFrom");

-- CreateIndex
CREATE INDEX "Item_availableUntil_idx" ON "Item"("availableUntil");
