-- CreateTable
CREATE TABLE "Item" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "externalId" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "searchTitle" TEXT NOT NULL,
    "description" TEXT,
    "brand" TEXT,
    "categories" JSONB NOT NULL DEFAULT [],
    "price" REAL,
    "attributes" JSONB,
    "interactionCount" INTEGER NOT NULL DEFAULT 0,
    "addedAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removedAt" DATETIME
);

-- CreateTable
CREATE TABLE "ItemCategory" (
    "itemId" INTEGER NOT NULL,
    "name" TEXT NOT NULL,

    PRIMARY KEY ("itemId", "name"),
    CONSTRAINT "ItemCategory_itemId_fkey" FOREIGN KEY ("itemId") REFERENCES "Item" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ItemVector" (
    "itemId" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "encoder" TEXT NOT NULL,
    "dims" INTEGER NOT NULL,
    "data" BLOB NOT NULL,
    CONSTRAINT "ItemVector_itemId_fkey" FOREIGN KEY ("itemId") REFERENCES "Item" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "User" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "externalId" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Interaction" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "eventId" TEXT,
    "userId" INTEGER NOT NULL,
    "itemId" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "occurredAt" DATETIME NOT NULL,
    CONSTRAINT "Interaction_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Interaction_itemId_fkey" FOREIGN KEY ("itemId") REFERENCES "Item" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Tokenizer" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "kind" TEXT NOT NULL,
    "numLevels" INTEGER NOT NULL,
    "codebookSize" INTEGER NOT NULL,
    "collisionSize" INTEGER NOT NULL,
    "dims" INTEGER NOT NULL,
    "checkpointDir" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- CreateTable
CREATE TABLE "SemanticId" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "tokenizerId" INTEGER NOT NULL,
    "itemId" INTEGER NOT NULL,
    "codesKey" TEXT NOT NULL,
    CONSTRAINT "SemanticId_tokenizerId_fkey" FOREIGN KEY ("tokenizerId") REFERENCES "Tokenizer" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "SemanticId_itemId_fkey" FOREIGN KEY ("itemId") REFERENCES "Item" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "SemanticIdPrefix" (
    "tokenizerId" INTEGER NOT NULL,
    "level" INTEGER NOT NULL,
    "prefixKey" TEXT NOT NULL,
    "itemCount" INTEGER NOT NULL,

    PRIMARY KEY ("tokenizerId", "level", "prefixKey"),
    CONSTRAINT "SemanticIdPrefix_tokenizerId_fkey" FOREIGN KEY ("tokenizerId") REFERENCES "Tokenizer" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ModelVersion" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "number" INTEGER NOT NULL,
    "tokenizerId" INTEGER NOT NULL,
    "checkpointDir" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "preset" TEXT NOT NULL,
    "device" TEXT NOT NULL,
    "parameterCount" INTEGER NOT NULL,
    "metrics" JSONB NOT NULL DEFAULT [],
    "parentId" INTEGER,
    "trainingJobId" INTEGER,
    "catalogueVersion" INTEGER NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "ModelVersion_tokenizerId_fkey" FOREIGN KEY ("tokenizerId") REFERENCES "Tokenizer" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "ModelVersion_parentId_fkey" FOREIGN KEY ("parentId") REFERENCES "ModelVersion" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT "ModelVersion_trainingJobId_fkey" FOREIGN KEY ("trainingJobId") REFERENCES "TrainingJob" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "TrainingJob" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
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
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" DATETIME,
    "finishedAt" DATETIME,
    CONSTRAINT "TrainingJob_tokenizerId_fkey" FOREIGN KEY ("tokenizerId") REFERENCES "Tokenizer" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "MetricPoint" (
    "jobId" INTEGER NOT NULL,
    "metric" TEXT NOT NULL,
    "step" INTEGER NOT NULL,
    "value" REAL NOT NULL,

    PRIMARY KEY ("jobId", "metric", "step"),
    CONSTRAINT "MetricPoint_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "TrainingJob" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "CatalogueLog" (
    "version" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "kind" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- CreateTable
CREATE TABLE "ApiKey" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revokedAt" DATETIME
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
