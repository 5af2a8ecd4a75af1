-- The English encoder made these vectors of texts in letters that it does not know. Texts like these have other vectors now, so the old
-- ones go; whoever needs one makes it anew. Such a text has many more bytes than letters. If a text in Latin letters is among them,
-- its new vector is equal to the old one.
DELETE FROM "ItemVector" WHERE "encoder" = 'use-lite-en' AND "itemId" IN (
  SELECT "id" FROM (
    SELECT "id", "title" || COALESCE("brand", '') || "categories"::TEXT
      || CASE WHEN TRIM("title") = '' THEN COALESCE("description", '') ELSE '' END AS "text"
    FROM "Item"
  ) AS "read"
  WHERE OCTET_LENGTH("text") * 8 > CHAR_LENGTH("text") * 9
);
