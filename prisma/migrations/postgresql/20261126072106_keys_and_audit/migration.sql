-- AlterTable
ALTER TABLE "ApiKey" ADD COLUMN     "expiresAt" TIMESTAMP(3),
ADD COLUMN     "isConfigured" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "lastUsedAt" TIMESTAMP(3),
ADD COLUMN     "prefix" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "AuditEntry" (
    "id" SERIAL NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "role" TEXT NOT NULL,
    "caller" TEXT NOT NULL,
    "apiKeyId" INTEGER,
    "mutation" TEXT NOT NULL,
    "input" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,

    CONSTRAINT "AuditEntry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "DemoShop" (
    "id" INTEGER NOT NULL,
    "lastUserId" INTEGER NOT NULL,

    CONSTRAINT "DemoShop_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "AuditEntry_role_id_idx" ON "AuditEntry"("role", "id");

-- The keys that came from TIGERQL_ADMIN_KEY had this name.
UPDATE "ApiKey" SET "isConfigured" = true WHERE "name" = 'configured' AND "role" = 'ADMIN';
