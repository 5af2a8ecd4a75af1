-- AlterTable
ALTER TABLE "CatalogueLogItem" ADD COLUMN     "isLive" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "wasLive" BOOLEAN NOT NULL DEFAULT true;
-- Until now the kind of a change said whether its items came or went.
UPDATE "CatalogueLogItem" SET "wasLive" = false WHERE "version" IN (SELECT "version" FROM "CatalogueLog" WHERE "kind" IN ('ITEMS_ADDED', 'ITEMS_RESTORED'));
UPDATE "CatalogueLogItem" SET "isLive" = false WHERE "version" IN (SELECT "version" FROM "CatalogueLog" WHERE "kind" = 'ITEMS_REMOVED');
