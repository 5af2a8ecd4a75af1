-- AlterTable
ALTER TABLE "User" ADD COLUMN "armKey" TEXT;

-- AlterTable
ALTER TABLE "List" ADD COLUMN "armId" INTEGER;

-- CreateTable
CREATE TABLE "Experiment" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "placement" TEXT NOT NULL,
    "metric" TEXT NOT NULL,
    "currency" TEXT,
    "startedAt" DATETIME NOT NULL,
    "stoppedAt" DATETIME
);

-- CreateTable
CREATE TABLE "ExperimentArm" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "experimentId" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "percent" INTEGER NOT NULL,
    "stateNumber" INTEGER,
    "modelVersionId" INTEGER,
    "stoppedAt" DATETIME,
    CONSTRAINT "ExperimentArm_experimentId_fkey" FOREIGN KEY ("experimentId") REFERENCES "Experiment" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ArmUser" (
    "armId" INTEGER NOT NULL,
    "userId" INTEGER NOT NULL,
    "lists" INTEGER NOT NULL,
    "clicked" INTEGER NOT NULL,
    "purchased" INTEGER NOT NULL,
    "revenue" REAL NOT NULL,

    PRIMARY KEY ("armId", "userId"),
    CONSTRAINT "ArmUser_armId_fkey" FOREIGN KEY ("armId") REFERENCES "ExperimentArm" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "ArmUser_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "Experiment_placement_stoppedAt_idx" ON "Experiment"("placement", "stoppedAt");

-- CreateIndex
CREATE UNIQUE INDEX "ExperimentArm_experimentId_name_key" ON "ExperimentArm"("experimentId", "name");

-- CreateIndex
CREATE INDEX "ArmUser_userId_idx" ON "ArmUser"("userId");
