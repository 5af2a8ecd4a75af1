-- DropIndex
DROP INDEX "Interaction_occurredAt_itemId_userId_idx";

-- CreateTable
CREATE TABLE "KindWeight" (
    "kind" TEXT NOT NULL,
    "hundredths" INTEGER NOT NULL,

    CONSTRAINT "KindWeight_pkey" PRIMARY KEY ("kind")
);

-- CreateIndex
CREATE INDEX "Interaction_occurredAt_itemId_userId_kind_idx" ON "Interaction"("occurredAt", "itemId", "userId", "kind");
