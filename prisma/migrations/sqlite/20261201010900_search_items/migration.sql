ALTER TABLE "Item" RENAME COLUMN "searchTitle" TO "sortTitle";

-- The words of items, for `items(search:)`. Case and accents do not count.
CREATE VIRTUAL TABLE "ItemSearch" USING fts5(
  "title", "brand", "categories", "externalId",
  content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
-- A word in the title counts most.
INSERT INTO "ItemSearch" ("ItemSearch", "rank") VALUES ('rank', 'bm25(8.0, 3.0, 2.0, 1.0)');

-- What the index has of an item. Scripts without spaces between words, such as Chinese, Japanese and Thai, have each sign as a word.
CREATE VIEW "ItemText" AS SELECT "id",
  CASE WHEN "title" GLOB '*[฀-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿豈-﫿𠀀-𯿿]*' THEN (
    WITH RECURSIVE "sign"("at", "sign") AS (
      SELECT 1, substr("title", 1, 1) UNION ALL SELECT "at" + 1, substr("title", "at" + 1, 1) FROM "sign" WHERE "at" < length("title")
    )
    SELECT group_concat(CASE WHEN "sign" GLOB '[฀-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿豈-﫿𠀀-𯿿]' THEN ' ' || "sign" || ' ' ELSE "sign" END, '') FROM "sign"
  ) ELSE "title" END AS "title",
  CASE WHEN "brand" GLOB '*[฀-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿豈-﫿𠀀-𯿿]*' THEN (
    WITH RECURSIVE "sign"("at", "sign") AS (
      SELECT 1, substr("brand", 1, 1) UNION ALL SELECT "at" + 1, substr("brand", "at" + 1, 1) FROM "sign" WHERE "at" < length("brand")
    )
    SELECT group_concat(CASE WHEN "sign" GLOB '[฀-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿豈-﫿𠀀-𯿿]' THEN ' ' || "sign" || ' ' ELSE "sign" END, '') FROM "sign"
  ) ELSE "brand" END AS "brand",
  CASE WHEN "categories" GLOB '*[฀-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿豈-﫿𠀀-𯿿]*' THEN (
    WITH RECURSIVE "sign"("at", "sign") AS (
      SELECT 1, substr("categories", 1, 1) UNION ALL SELECT "at" + 1, substr("categories", "at" + 1, 1) FROM "sign" WHERE "at" < length("categories")
    )
    SELECT group_concat(CASE WHEN "sign" GLOB '[฀-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿豈-﫿𠀀-𯿿]' THEN ' ' || "sign" || ' ' ELSE "sign" END, '') FROM "sign"
  ) ELSE "categories" END AS "categories",
  CASE WHEN "externalId" GLOB '*[฀-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿豈-﫿𠀀-𯿿]*' THEN (
    WITH RECURSIVE "sign"("at", "sign") AS (
      SELECT 1, substr("externalId", 1, 1) UNION ALL SELECT "at" + 1, substr("externalId", "at" + 1, 1) FROM "sign" WHERE "at" < length("externalId")
    )
    SELECT group_concat(CASE WHEN "sign" GLOB '[฀-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿豈-﫿𠀀-𯿿]' THEN ' ' || "sign" || ' ' ELSE "sign" END, '') FROM "sign"
  ) ELSE "externalId" END AS "externalId"
FROM "Item";

-- They go with the table: a migration that makes "Item" anew makes them anew too.
CREATE TRIGGER "Item_insert_search" AFTER INSERT ON "Item" BEGIN
  INSERT INTO "ItemSearch" ("rowid", "title", "brand", "categories", "externalId") SELECT "id", "title", "brand", "categories", "externalId" FROM "ItemText" WHERE "id" = new."id";
END;
CREATE TRIGGER "Item_update_search" AFTER UPDATE OF "title", "brand", "categories", "externalId" ON "Item" BEGIN
  DELETE FROM "ItemSearch" WHERE "rowid" = old."id";
  INSERT INTO "ItemSearch" ("rowid", "title", "brand", "categories", "externalId") SELECT "id", "title", "brand", "categories", "externalId" FROM "ItemText" WHERE "id" = new."id";
END;
CREATE TRIGGER "Item_delete_search" AFTER DELETE ON "Item" BEGIN
  DELETE FROM "ItemSearch" WHERE "rowid" = old."id";
END;

INSERT INTO "ItemSearch" ("rowid", "title", "brand", "categories", "externalId") SELECT "id", "title", "brand", "categories", "externalId" FROM "ItemText";
