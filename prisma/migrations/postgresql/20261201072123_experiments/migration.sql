-- AlterTable
ALTER TABLE "User" ADD COLUMN     "armKey" TEXT;

-- AlterTable
ALTER TABLE "List" ADD COLUMN     "armId" INTEGER;

-- CreateTable
CREATE TABLE "Experiment" (
    "id" SERIAL NOT NULL,
    "placement" TEXT NOT NULL,
    "metric" TEXT NOT NULL,
    "currency" TEXT,
    "startedAt" TIMESTAMP(3) NOT NULL,
    "stoppedAt" TIMESTAMP(3),

    CONSTRAINT "Experiment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ExperimentArm" (
    "id" SERIAL NOT NULL,
    "experimentId" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "percent" INTEGER NOT NULL,
    "stateNumber" INTEGER,
    "modelVersionId" INTEGER,
    "stoppedAt" TIMESTAMP(3),

    CONSTRAINT "ExperimentArm_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ArmUser" (
    "armId" INTEGER NOT NULL,
    "userId" INTEGER NOT NULL,
    "lists" INTEGER NOT NULL,
    "clicked" INTEGER NOT NULL,
    "purchased" INTEGER NOT NULL,
    "revenue" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "ArmUser_pkey" PRIMARY KEY ("armId","userId")
);

-- CreateIndex
CREATE INDEX "Experiment_placement_stoppedAt_idx" ON "Experiment"("placement", "stoppedAt");

-- CreateIndex
CREATE UNIQUE INDEX "ExperimentArm_experimentId_name_key" ON "ExperimentArm"("experimentId", "name");

-- CreateIndex
CREATE INDEX "ArmUser_userId_idx" ON "ArmUser"("userId");

-- AddForeignKey
ALTER TABLE "ExperimentArm" ADD CONSTRAINT "ExperimentArm_experimentId_fkey" FOREIGN KEY ("experimentId") REFERENCES "Experiment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ArmUser" ADD CONSTRAINT "ArmUser_armId_fkey" FOREIGN KEY ("armId") REFERENCES "ExperimentArm"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ArmUser" ADD CONSTRAINT "ArmUser_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;
