-- DropIndex
DROP INDEX "Item_removedAt_id_idx";

-- CreateIndex
CREATE INDEX "Item_removedAt_id_price_availability_availableFrom_availableUntil_idx" ON "Item"("removedAt", "id", "price", "availability", "availableFrom", "availableUntil");
