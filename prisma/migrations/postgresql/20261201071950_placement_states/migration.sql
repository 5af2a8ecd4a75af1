-- CreateTable
CREATE TABLE "PlacementState" (
    "name" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "definition" JSONB NOT NULL,
    "savedBy" TEXT,
    "savedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "PlacementState_pkey" PRIMARY KEY ("name","number")
);
