-- CreateIndex
CREATE INDEX "CatalogueLog_kind_version_idx" ON "CatalogueLog"("kind", "version");
