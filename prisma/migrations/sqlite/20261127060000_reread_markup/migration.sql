-- These vectors were made of texts with HTML entities, or with the tags of descriptions that stand in for titles. Texts like these have
-- other vectors now, so the old ones go; whoever needs one makes it anew.
DELETE FROM "ItemVector" WHERE "encoder" = 'use-lite-en' AND "itemId" IN (
  SELECT "id" FROM "Item" WHERE "title" || COALESCE("brand", '') || "categories" LIKE '%&%;%'
    OR (TRIM("title") = '' AND ("description" LIKE '%<%>%' OR "description" LIKE '%&%;%'))
);
