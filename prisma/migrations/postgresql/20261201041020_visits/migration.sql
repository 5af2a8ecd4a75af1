-- DropIndex
DROP INDEX "Feedback_listKey_itemId_kind_key";

-- AlterTable
ALTER TABLE "Item" ADD COLUMN     "popularity" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "User" ADD COLUMN     "identifiedAt" TIMESTAMP(3),
ADD COLUMN     "identifiedId" INTEGER;

-- AlterTable
ALTER TABLE "Feedback" ADD COLUMN     "currency" TEXT,
ADD COLUMN     "eventId" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "quantity" INTEGER,
ADD COLUMN     "value" DOUBLE PRECISION;

-- AlterTable
ALTER TABLE "PlacementDay" RENAME COLUMN "taken" TO "purchased";
ALTER TABLE "PlacementDay" ADD COLUMN     "cart" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "shownItems" BYTEA;

-- CreateTable
CREATE TABLE "List" (
    "key" TEXT NOT NULL,
    "placement" TEXT NOT NULL,
    "modelVersionId" INTEGER NOT NULL,
    "madeAt" TIMESTAMP(3) NOT NULL,
    "userId" INTEGER,

    CONSTRAINT "List_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "PlacementRevenue" (
    "placement" TEXT NOT NULL,
    "day" INTEGER NOT NULL,
    "modelVersionId" INTEGER NOT NULL,
    "currency" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "total" DOUBLE PRECISION NOT NULL,
    "squares" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "PlacementRevenue_pkey" PRIMARY KEY ("placement","day","modelVersionId","currency")
);

-- CreateIndex
CREATE INDEX "List_userId_idx" ON "List"("userId");

-- CreateIndex
CREATE INDEX "List_madeAt_idx" ON "List"("madeAt");

-- CreateIndex
CREATE INDEX "User_identifiedId_idx" ON "User"("identifiedId");

-- CreateIndex
CREATE INDEX "Interaction_userId_itemId_occurredAt_idx" ON "Interaction"("userId", "itemId", "occurredAt");

-- CreateIndex
CREATE UNIQUE INDEX "Feedback_listKey_itemId_kind_eventId_key" ON "Feedback"("listKey", "itemId", "kind", "eventId");

-- AddForeignKey
ALTER TABLE "List" ADD CONSTRAINT "List_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Popular items count each user once a day from now on.
UPDATE "Item" SET "popularity" = (
  SELECT COUNT(DISTINCT "userId" || ' ' || substr(CAST("occurredAt" AS TEXT), 1, 10)) FROM "Interaction" WHERE "itemId" = "Item"."id"
);
-- What was taken is a purchase.
UPDATE "Feedback" SET "kind" = 'PURCHASED' WHERE "kind" = 'TAKEN';
