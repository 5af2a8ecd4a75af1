-- AlterTable
ALTER TABLE "PlacementDay" DROP CONSTRAINT "PlacementDay_pkey",
ADD COLUMN     "armId" INTEGER NOT NULL DEFAULT 0,
ADD CONSTRAINT "PlacementDay_pkey" PRIMARY KEY ("placement", "day", "modelVersionId", "armId");

-- AlterTable
ALTER TABLE "PlacementRevenue" DROP CONSTRAINT "PlacementRevenue_pkey",
ADD COLUMN     "armId" INTEGER NOT NULL DEFAULT 0,
ADD CONSTRAINT "PlacementRevenue_pkey" PRIMARY KEY ("placement", "day", "modelVersionId", "armId", "currency");
