-- AlterTable
ALTER TABLE "Item" ADD COLUMN     "availability" TEXT NOT NULL DEFAULT 'IN_STOCK',
ADD COLUMN     "availableFrom" TIMESTAMP(3),
ADD COLUMN     "availableUntil" TIMESTAMP(3),
ADD COLUMN     "currency" TEXT,
ADD COLUMN     "groupId" TEXT,
ADD COLUMN     "imageUrl" TEXT,
ADD COLUMN     "url" TEXT;

-- CreateIndex
CREATE INDEX "Item_groupId_idx" ON "Item"("groupId");

-- CreateIndex
CREATE INDEX "Item_availability_idx" ON "Item"("availability");

-- CreateIndex
CREATE INDEX "Item_availableFrom_idx" ON "Item"("availableFrom");

-- CreateIndex
CREATE INDEX "Item_availableUntil_idx" ON "Item"("availableUntil");
