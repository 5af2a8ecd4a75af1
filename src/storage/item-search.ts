/**
 * Full-text search of items: FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL. Migration `search_items` made both indexes, and
 * the database keeps them with the rows. Both fold case and accents; neither knows a language, so that all words are found alike, also by
 * their first letters. The query asks for the other grammatical number of an English word.
 */
import { Prisma } from '../../prisma/generated/sqlite/client';
import type { DatabaseProvider } from './migrations';

/** A part of a query of items. */
export interface ItemSearch {
  /** Table "Item", and what the other two need. */
  readonly from: Prisma.Sql;
  readonly condition: Prisma.Sql;
  /** A number; the least is the best. */
  readonly relevance: Prisma.Sql;
}

/** All items. */
export const NO_SEARCH: ItemSearch = {
  from: Prisma.sql`"Item"`,
  condition: Prisma.sql`TRUE`,
  relevance: Prisma.sql`"id"`,
};

/** @returns The items with all words of a text, or words that begin with them; none when it has no words. */
export function itemSearch(provider: DatabaseProvider, text: string): ItemSearch {
  const words = wordsOf(text);
  if (words.length === 0) return { ...NO_SEARCH, condition: Prisma.sql`FALSE` };
  return provider === 'sqlite' ? sqliteSearch(words) : postgresqlSearch(words);
}

function sqliteSearch(words: readonly string[]): ItemSearch {
  const query = queryOf(words, { quote: '"', prefix: '*', or: ' OR ', and: ' AND ' });
  const found = Prisma.sql`SELECT "rowid" AS "foundId", "rank" AS "relevance" FROM "ItemSearch"
    WHERE "ItemSearch" MATCH ${query}`;
  return {
    from: Prisma.sql`(${found}) AS "found" CROSS JOIN "Item" ON "Item"."id" = "foundId"`,
    condition: Prisma.sql`TRUE`,
    relevance: Prisma.sql`"relevance"`,
  };
}

function postgresqlSearch(words: readonly string[]): ItemSearch {
  const query = queryOf(words, { quote: "'", prefix: ':*', or: ' | ', and: ' & ' });
  return {
    from: Prisma.sql`"Item" CROSS JOIN to_tsquery('pg_catalog.simple', ${query}) AS "query"`,
    condition: Prisma.sql`"searchWords" @@ "query"`,
    // A word counts for more in a short text.
    relevance: Prisma.sql`CAST(-ts_rank("searchWords", "query", 1) AS DOUBLE PRECISION)`,
  };
}

type QuerySigns = Readonly<Record<'quote' | 'prefix' | 'or' | 'and', string>>;

/** The whole word counts beside its beginning, so that it makes an item better. Words have no quotes in them: see `wordsOf`. */
function queryOf(words: readonly string[], { quote, prefix, or, and }: QuerySigns): string {
  const quoted = (word: string) => `${quote}${word}${quote}`;
  const termsOf = (word: string) => [quoted(word) + prefix, ...formsOf(word).map(quoted)];
  return words.map((word) => `(${termsOf(word).join(or)})`).join(and);
}

/** Scripts without spaces between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese. The indexes have each of their signs as a word. */
const UNSPACED =
  /[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\u{20000}-\u{2FFFF}]/gu;

/** @returns Words as the indexes have them, of letters, digits and blanks alone; unspaced signs have blanks between them. */
function wordsOf(text: string): string[] {
  const withoutAccents = text
    .toLowerCase()
    .normalize('NFD')
    .replace(/([a-z])[\u0300-\u036F]+/g, '$1');
  const words = withoutAccents
    .normalize('NFC')
    .replace(/[\u0300-\u036F]/g, '')
    .match(/[\p{L}\p{M}\p{Nd}]+/gu);
  const spaced = (words ?? []).map((word) =>
    word
      .replace(UNSPACED, ' $& ')
      .replace(/\p{M}+/gu, ' ')
      .trim(),
  );
  return [...new Set(spaced)].filter((word) => word !== '');
}

/** Endings of English words, and those of their other number. */
const ENDINGS: readonly (readonly [ending: RegExp, other: string])[] = [
  [/ies$/, 'y'],
  [/ves$/, 'f'],
  [/ves$/, 'fe'],
  [/(?<=s|x|z|ch|sh|o)es$/, ''],
  [/(?<!s)s$/, ''],
  [/(?<=[^aeiou])y$/, 'ies'],
  [/fe?$/, 'ves'],
];

/** @returns The word, and its other number as English would make it. A plural that begins with the word is found without. */
function formsOf(word: string): string[] {
  if (!/^[a-z]{3,}$/.test(word)) return [word];
  return [
    word,
    ...ENDINGS.filter(([ending]) => ending.test(word)).map(([ending, other]) => word.replace(ending, other)),
  ];
}
