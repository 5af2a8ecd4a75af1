-- DropIndex
DROP INDEX "Interaction_occurredAt_itemId_userId_idx";

-- CreateTable
CREATE TABLE "KindWeight" (
    "kind" TEXT NOT NULL PRIMARY KEY,
    "hundredths" INTEGER NOT NULL
);

-- CreateIndex
CREATE INDEX "Interaction_occurredAt_itemId_userId_kind_idx" ON "Interaction"("occurredAt", "itemId", "userId", "kind");
