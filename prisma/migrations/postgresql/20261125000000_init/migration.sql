-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "Item" (
    "id" SERIAL NOT NULL,
    "externalId" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "searchTitle" TEXT NOT NULL,
    "description" TEXT,
    "brand" TEXT,
    "categories" JSONB NOT NULL DEFAULT '[]',
    "price" DOUBLE PRECISION,
    "attributes" JSONB,
    "interactionCount" INTEGER NOT NULL DEFAULT 0,
    "addedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removedAt" TIMESTAMP(3),

    CONSTRAINT "Item_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ItemCategory" (
    "itemId" INTEGER NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "ItemCategory_pkey" PRIMARY KEY ("itemId","name")
);

-- CreateTable
CREATE TABLE "ItemVector" (
    "itemId" INTEGER NOT NULL,
    "encoder" TEXT NOT NULL,
    "dims" INTEGER NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "ItemVector_pkey" PRIMARY KEY ("itemId")
);

-- CreateTable
CREATE TABLE "User" (
    "id" SERIAL NOT NULL,
    "externalId" TEXT NOT NULL,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Interaction" (
    "id" SERIAL NOT NULL,
    "eventId" TEXT,
    "userId" INTEGER NOT NULL,
    "itemId" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "occurredAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Interaction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Tokenizer" (
    "id" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "numLevels" INTEGER NOT NULL,
    "codebookSize" INTEGER NOT NULL,
    "collisionSize" INTEGER NOT NULL,
    "dims" INTEGER NOT NULL,
    "checkpointDir" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Tokenizer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SemanticId" (
    "id" SERIAL NOT NULL,
    "tokenizerId" INTEGER NOT NULL,
    "itemId" INTEGER NOT NULL,
    "codesKey" TEXT NOT NULL,

    CONSTRAINT "SemanticId_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SemanticIdPrefix" (
    "tokenizerId" INTEGER NOT NULL,
    "level" INTEGER NOT NULL,
    "prefixKey" TEXT NOT NULL,
    "itemCount" INTEGER NOT NULL,

    CONSTRAINT "SemanticIdPrefix_pkey" PRIMARY KEY ("tokenizerId","level","prefixKey")
);

-- CreateTable
CREATE TABLE "ModelVersion" (
    "id" SERIAL NOT NULL,
    "number" INTEGER NOT NULL,
    "tokenizerId" INTEGER NOT NULL,
    "checkpointDir" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "preset" TEXT NOT NULL,
    "device" TEXT NOT NULL,
    "parameterCount" INTEGER NOT NULL,
    "metrics" JSONB NOT NULL DEFAULT '[]',
    "parentId" INTEGER,
    "trainingJobId" INTEGER,
    "catalogueVersion" INTEGER NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ModelVersion_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "TrainingJob" (
    "id" SERIAL NOT NULL,
    "status" TEXT NOT NULL,
    "preset" TEXT NOT NULL,
    "config" JSONB NOT NULL,
    "tokenizerId" INTEGER,
    "seed" INTEGER NOT NULL,
    "reuseTokenizer" BOOLEAN NOT NULL,
    "activateWhenBetter" BOOLEAN NOT NULL,
    "progress" JSONB,
    "error" TEXT,
    "lastItemId" INTEGER NOT NULL,
    "lastInteractionId" INTEGER NOT NULL,
    "catalogueVersion" INTEGER NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMP(3),
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "TrainingJob_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "MetricPoint" (
    "jobId" INTEGER NOT NULL,
    "metric" TEXT NOT NULL,
    "step" INTEGER NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "MetricPoint_pkey" PRIMARY KEY ("jobId","metric","step")
);

-- CreateTable
CREATE TABLE "CatalogueLog" (
    "version" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "CatalogueLog_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "ApiKey" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revokedAt" TIMESTAMP(3),

    CONSTRAINT "ApiKey_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Item_externalId_key" ON "Item"("externalId");

-- CreateIndex
CREATE INDEX "Item_removedAt_id_idx" ON "Item"("removedAt", "id");

-- CreateIndex
CREATE INDEX "Item_removedAt_brand_id_idx" ON "Item"("removedAt", "brand", "id");

-- CreateIndex
CREATE INDEX "Item_removedAt_price_idx" ON "Item"("removedAt", "price");

-- CreateIndex
CREATE INDEX "Item_removedAt_interactionCount_idx" ON "Item"("removedAt", "interactionCount");

-- CreateIndex
CREATE INDEX "Item_addedAt_idx" ON "Item"("addedAt");

-- CreateIndex
CREATE INDEX "ItemCategory_name_itemId_idx" ON "ItemCategory"("name", "itemId");

-- CreateIndex
CREATE UNIQUE INDEX "User_externalId_key" ON "User"("externalId");

-- CreateIndex
CREATE UNIQUE INDEX "Interaction_eventId_key" ON "Interaction"("eventId");

-- CreateIndex
CREATE INDEX "Interaction_userId_occurredAt_id_idx" ON "Interaction"("userId", "occurredAt", "id");

-- CreateIndex
CREATE INDEX "Interaction_itemId_idx" ON "Interaction"("itemId");

-- CreateIndex
CREATE INDEX "SemanticId_itemId_idx" ON "SemanticId"("itemId");

-- CreateIndex
CREATE UNIQUE INDEX "SemanticId_tokenizerId_itemId_key" ON "SemanticId"("tokenizerId", "itemId");

-- CreateIndex
CREATE UNIQUE INDEX "SemanticId_tokenizerId_codesKey_key" ON "SemanticId"("tokenizerId", "codesKey");

-- CreateIndex
CREATE INDEX "SemanticIdPrefix_tokenizerId_level_itemCount_idx" ON "SemanticIdPrefix"("tokenizerId", "level", "itemCount");

-- CreateIndex
CREATE UNIQUE INDEX "ModelVersion_number_key" ON "ModelVersion"("number");

-- CreateIndex
CREATE UNIQUE INDEX "ModelVersion_trainingJobId_key" ON "ModelVersion"("trainingJobId");

-- CreateIndex
CREATE INDEX "ModelVersion_status_idx" ON "ModelVersion"("status");

-- CreateIndex
CREATE INDEX "TrainingJob_status_id_idx" ON "TrainingJob"("status", "id");

-- CreateIndex
CREATE UNIQUE INDEX "ApiKey_hash_key" ON "ApiKey"("hash");

-- AddForeignKey
ALTER TABLE "ItemCategory" ADD CONSTRAINT "ItemCategory_itemId_fkey" FOREIGN KEY ("itemId") REFERENCES "Item"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ItemVector" ADD CONSTRAINT "ItemVector_itemId_fkey" FOREIGN KEY ("itemId") REFERENCES "Item"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Interaction" ADD CONSTRAINT "Interaction_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Interaction" ADD CONSTRAINT "Interaction_itemId_fkey" FOREIGN KEY ("itemId") REFERENCES "Item"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SemanticId" ADD CONSTRAINT "SemanticId_tokenizerId_fkey" FOREIGN KEY ("tokenizerId") REFERENCES "Tokenizer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SemanticId" ADD CONSTRAINT "SemanticId_itemId_fkey" FOREIGN KEY ("itemId") REFERENCES "Item"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SemanticIdPrefix" ADD CONSTRAINT "SemanticIdPrefix_tokenizerId_fkey" FOREIGN KEY ("tokenizerId") REFERENCES "Tokenizer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ModelVersion" ADD CONSTRAINT "ModelVersion_tokenizerId_fkey" FOREIGN KEY ("tokenizerId") REFERENCES "Tokenizer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ModelVersion" ADD CONSTRAINT "ModelVersion_parentId_fkey" FOREIGN KEY ("parentId") REFERENCES "ModelVersion"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ModelVersion" ADD CONSTRAINT "ModelVersion_trainingJobId_fkey" FOREIGN KEY ("trainingJobId") REFERENCES "TrainingJob"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TrainingJob" ADD CONSTRAINT "TrainingJob_tokenizerId_fkey" FOREIGN KEY ("tokenizerId") REFERENCES "Tokenizer"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MetricPoint" ADD CONSTRAINT "MetricPoint_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "TrainingJob"("id") ON DELETE CASCADE ON UPDATE CASCADE;
