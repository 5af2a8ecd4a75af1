ALTER TABLE "Item" RENAME COLUMN "searchTitle" TO "sortTitle";

-- The words of a text, for `items(search:)`: in small letters, without accents on Latin letters, with one space between words. Scripts
-- without spaces between words, such as Chinese, Japanese and Thai, have each sign as a word.
CREATE FUNCTION "search_words"("text" TEXT) RETURNS TSVECTOR LANGUAGE SQL IMMUTABLE PARALLEL SAFE
RETURN to_tsvector('pg_catalog.simple', regexp_replace(
  regexp_replace(
    regexp_replace(
      normalize(regexp_replace(normalize(lower("text" COLLATE "und-x-icu"), NFD), '([a-z])[\u0300-\u036F]+', '\1', 'g'), NFC),
      '[\u0300-\u036F]+', '', 'g'
    ),
    '[^[:alnum:]]+', ' ', 'g'
  ),
  '([\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\U00020000-\U0002FFFF])', ' \1 ', 'g'
));

-- A word in the title counts most. The database makes the column, and Prisma does not know it.
ALTER TABLE "Item" ADD COLUMN "searchWords" TSVECTOR NOT NULL GENERATED ALWAYS AS (
  setweight("search_words"("title"), 'A') || setweight("search_words"(COALESCE("brand", '')), 'B')
  || setweight("search_words"("categories"::TEXT), 'C') || setweight("search_words"("externalId"), 'D')
) STORED;

CREATE INDEX "Item_searchWords_idx" ON "Item" USING GIN ("searchWords");
