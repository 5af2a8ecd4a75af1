-- AlterTable
ALTER TABLE "DatabaseIdentity" ADD COLUMN "listSecret" TEXT;

-- CreateTable
CREATE TABLE "Feedback" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "listKey" TEXT NOT NULL,
    "itemId" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "userId" INTEGER,
    "at" DATETIME NOT NULL,
    CONSTRAINT "Feedback_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Feedback_itemId_fkey" FOREIGN KEY ("itemId") REFERENCES "Item" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Dismissal" (
    "userId" INTEGER NOT NULL,
    "itemId" INTEGER NOT NULL,
    "at" DATETIME NOT NULL,

    PRIMARY KEY ("userId", "itemId"),
    CONSTRAINT "Dismissal_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Dismissal_itemId_fkey" FOREIGN KEY ("itemId") REFERENCES "Item" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "PlacementDay" (
    "placement" TEXT NOT NULL,
    "day" INTEGER NOT NULL,
    "modelVersionId" INTEGER NOT NULL,
    "lists" INTEGER NOT NULL,
    "clicked" INTEGER NOT NULL,
    "taken" INTEGER NOT NULL,
    "dismissed" INTEGER NOT NULL,

    PRIMARY KEY ("placement", "day", "modelVersionId")
);

-- CreateIndex
CREATE INDEX "Feedback_userId_kind_at_idx" ON "Feedback"("userId", "kind", "at");

-- CreateIndex
CREATE INDEX "Feedback_itemId_idx" ON "Feedback"("itemId");

-- CreateIndex
CREATE INDEX "Feedback_at_idx" ON "Feedback"("at");

-- CreateIndex
CREATE UNIQUE INDEX "Feedback_listKey_itemId_kind_key" ON "Feedback"("listKey", "itemId", "kind");

-- CreateIndex
CREATE INDEX "Dismissal_userId_at_idx" ON "Dismissal"("userId", "at");

-- CreateIndex
CREATE INDEX "Dismissal_itemId_idx" ON "Dismissal"("itemId");
