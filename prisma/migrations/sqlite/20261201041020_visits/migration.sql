-- AlterTable
ALTER TABLE "User" ADD COLUMN "identifiedAt" DATETIME;
ALTER TABLE "User" ADD COLUMN "identifiedId" INTEGER;

-- AlterTable
ALTER TABLE "Item" ADD COLUMN "popularity" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
DROP INDEX "Feedback_listKey_itemId_kind_key";
ALTER TABLE "Feedback" ADD COLUMN "eventId" TEXT NOT NULL DEFAULT '';
ALTER TABLE "Feedback" ADD COLUMN "value" REAL;
ALTER TABLE "Feedback" ADD COLUMN "currency" TEXT;
ALTER TABLE "Feedback" ADD COLUMN "quantity" INTEGER;
CREATE UNIQUE INDEX "Feedback_listKey_itemId_kind_eventId_key" ON "Feedback"("listKey", "itemId", "kind", "eventId");

-- AlterTable
ALTER TABLE "PlacementDay" RENAME COLUMN "taken" TO "purchased";
ALTER TABLE "PlacementDay" ADD COLUMN "cart" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "PlacementDay" ADD COLUMN "shownItems" BLOB;

-- CreateTable
CREATE TABLE "List" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "placement" TEXT NOT NULL,
    "modelVersionId" INTEGER NOT NULL,
    "madeAt" DATETIME NOT NULL,
    "userId" INTEGER,
    CONSTRAINT "List_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "PlacementRevenue" (
    "placement" TEXT NOT NULL,
    "day" INTEGER NOT NULL,
    "modelVersionId" INTEGER NOT NULL,
    "currency" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "total" REAL NOT NULL,
    "squares" REAL NOT NULL,

    PRIMARY KEY ("placement", "day", "modelVersionId", "currency")
);

-- CreateIndex
CREATE INDEX "List_userId_idx" ON "List"("userId");

-- CreateIndex
CREATE INDEX "List_madeAt_idx" ON "List"("madeAt");

-- CreateIndex
CREATE INDEX "User_identifiedId_idx" ON "User"("identifiedId");

-- CreateIndex
CREATE INDEX "Interaction_userId_itemId_occurredAt_idx" ON "Interaction"("userId", "itemId", "occurredAt");

-- Popular items count each user once a day from now on.
UPDATE "Item" SET "popularity" = (
  SELECT COUNT(DISTINCT "userId" || ' ' || substr(CAST("occurredAt" AS TEXT), 1, 10)) FROM "Interaction" WHERE "itemId" = "Item"."id"
);
-- What was taken is a purchase.
UPDATE "Feedback" SET "kind" = 'PURCHASED' WHERE "kind" = 'TAKEN';
