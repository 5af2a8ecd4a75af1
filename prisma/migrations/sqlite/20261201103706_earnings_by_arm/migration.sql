-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_PlacementDay" (
    "placement" TEXT NOT NULL,
    "day" INTEGER NOT NULL,
    "modelVersionId" INTEGER NOT NULL,
    "armId" INTEGER NOT NULL DEFAULT 0,
    "lists" INTEGER NOT NULL,
    "clicked" INTEGER NOT NULL,
    "cart" INTEGER NOT NULL DEFAULT 0,
    "purchased" INTEGER NOT NULL,
    "dismissed" INTEGER NOT NULL,
    "shownItems" BLOB,

    PRIMARY KEY ("placement", "day", "modelVersionId", "armId")
);
INSERT INTO "new_PlacementDay" ("cart", "clicked", "day", "dismissed", "lists", "modelVersionId", "placement", "purchased", "shownItems") SELECT "cart", "clicked", "day", "dismissed", "lists", "modelVersionId", "placement", "purchased", "shownItems" FROM "PlacementDay";
DROP TABLE "PlacementDay";
ALTER TABLE "new_PlacementDay" RENAME TO "PlacementDay";
CREATE TABLE "new_PlacementRevenue" (
    "placement" TEXT NOT NULL,
    "day" INTEGER NOT NULL,
    "modelVersionId" INTEGER NOT NULL,
    "armId" INTEGER NOT NULL DEFAULT 0,
    "currency" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "total" REAL NOT NULL,
    "squares" REAL NOT NULL,

    PRIMARY KEY ("placement", "day", "modelVersionId", "armId", "currency")
);
INSERT INTO "new_PlacementRevenue" ("currency", "day", "modelVersionId", "placement", "quantity", "squares", "total") SELECT "currency", "day", "modelVersionId", "placement", "quantity", "squares", "total" FROM "PlacementRevenue";
DROP TABLE "PlacementRevenue";
ALTER TABLE "new_PlacementRevenue" RENAME TO "PlacementRevenue";
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;
