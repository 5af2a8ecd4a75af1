-- CreateIndex
CREATE INDEX "Interaction_occurredAt_itemId_userId_idx" ON "Interaction"("occurredAt", "itemId", "userId");
