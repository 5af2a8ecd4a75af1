/**
 * Reads in SQL of their own, which both databases understand: Prisma cannot express them, or makes an object for each row,
 * which takes ten times as long as to read it. Many rows therefore come as one text.
 */
import { MAX_INT } from '../../graphql/common/limits';
import type { MetricPointRecord, StepRange } from '../../graphql/training/records';
import { Prisma } from '../../prisma/generated/sqlite/client';
import { pagesOf } from './bulk-reads';
import { DIGITS, firstDigitOf, type KeyRange } from './code-keys';
import type { Database } from './database';
import type { DatabaseProvider } from './migrations';
import type { Transaction } from './transaction';

/** One semantic ID. */
export interface CodeRow {
  readonly itemId: number;
  /** Whether its item is live; false: removed. */
  readonly isLive: boolean;
  readonly codesKey: string;
}

/**
 * Reads in the order of an index: in another one SQLite would sort all semantic IDs for each page.
 *
 * @returns Semantic IDs under the tokenizer of items with greater ids than `after`, by ascending item id.
 */
export async function readCodeRows(
  client: Transaction,
  tokenizerId: number,
  after: number,
  take: number,
): Promise<CodeRow[]> {
  const [{ rows }] = await client.$queryRaw<PackedRows>`
    SELECT string_agg("row", ';' ORDER BY "itemId") AS "rows" FROM (
      SELECT s."itemId" AS "itemId",
        s."itemId" || ',' || CASE WHEN i."removedAt" IS NULL THEN 1 ELSE 0 END || ',' || s."codesKey" AS "row"
      FROM "SemanticId" s JOIN "Item" i ON i."id" = s."itemId"
      WHERE s."tokenizerId" = ${tokenizerId} AND s."itemId" > ${after}
      ORDER BY s."itemId" LIMIT ${take}
    ) AS "page"`;
  return unpacked(rows).map(([itemId, isLive, codesKey]) => {
    return { itemId: Number(itemId), isLive: isLive === '1', codesKey };
  });
}

/** @returns Semantic IDs of live items, of a range and with greater keys than `after`, by ascending key. */
export async function readLiveKeys(
  client: Transaction,
  tokenizerId: number,
  { after, lte }: Pick<KeyRange, 'lte'> & { readonly after: string },
  take: number,
): Promise<Omit<CodeRow, 'isLive'>[]> {
  const [{ rows }] = await client.$queryRaw<PackedRows>`
    SELECT string_agg("itemId" || ',' || "codesKey", ';' ORDER BY "codesKey") AS "rows" FROM (
      SELECT s."itemId" AS "itemId", s."codesKey" AS "codesKey"
      FROM "SemanticId" s JOIN "Item" i ON i."id" = s."itemId"
      WHERE s."tokenizerId" = ${tokenizerId} AND s."codesKey" > ${after} AND s."codesKey" <= ${lte} AND i."removedAt" IS NULL
      ORDER BY s."codesKey" LIMIT ${take}
    ) AS "page"`;
  return unpacked(rows).map(([itemId, codesKey]) => ({ itemId: Number(itemId), codesKey }));
}

/** One interaction. */
export interface HistoryRow {
  readonly id: number;
  readonly userId: number;
  readonly itemId: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The name of its kind. */
  readonly kind: string;
}

/** Interactions with greater ids, and those with items of greater ids, are left out. */
export interface HistoryScope {
  readonly lastInteractionId: number;
  readonly lastItemId: number;
}

/** A time as milliseconds since 1970. SQLite has it as text, and computes with days. */
const MILLISECONDS = {
  sqlite: Prisma.sql`CAST(ROUND((julianday("occurredAt") - 2440587.5) * 86400000) AS INTEGER)`,
  postgresql: Prisma.sql`CAST(EXTRACT(EPOCH FROM "occurredAt") * 1000 AS BIGINT)`,
};

/** Yields the interactions page by page, user by user, each user's oldest first; of those at one time the first recorded. */
export function historyPages(
  { read, provider }: Pick<Database, 'read' | 'provider'>,
  scope: HistoryScope,
  rowsPerPage: number,
): AsyncGenerator<HistoryRow[]> {
  const readPage = (after: HistoryRow | null, take: number) => readHistoryRows(read, provider, scope, after, take);
  return pagesOf<HistoryRow, HistoryRow | null>(null, readPage, (row) => row, rowsPerPage);
}

/** @param after - The last row of the page before; null: the first page. */
async function readHistoryRows(
  client: Transaction,
  provider: DatabaseProvider,
  { lastInteractionId, lastItemId }: HistoryScope,
  after: HistoryRow | null,
  take: number,
): Promise<HistoryRow[]> {
  const isAfter =
    after === null
      ? Prisma.sql`TRUE`
      : Prisma.sql`("userId", "occurredAt", "id") > (${after.userId}, ${new Date(after.time)}, ${after.id})`;
  const [{ rows }] = await client.$queryRaw<PackedRows>`
    SELECT string_agg("row", ';' ORDER BY "userId", "occurredAt", "id") AS "rows" FROM (
      SELECT "userId", "occurredAt", "id",
        "id" || ',' || "userId" || ',' || "itemId" || ',' || ${MILLISECONDS[provider]} || ',' || "kind" AS "row"
      FROM "Interaction" WHERE "id" <= ${lastInteractionId} AND "itemId" <= ${lastItemId} AND ${isAfter}
      ORDER BY "userId", "occurredAt", "id" LIMIT ${take}
    ) AS "page"`;
  return unpacked(rows).map(([id, userId, itemId, time, kind]) => {
    return { id: Number(id), userId: Number(userId), itemId: Number(itemId), time: Number(time), kind };
  });
}

export interface ItemCount {
  readonly itemId: number;
  /** See `Item.popularity`. */
  readonly count: number;
}

/** @returns The popularity of live items with greater ids than `after`, by ascending id. */
export async function readPopularity(client: Transaction, after: number, take: number): Promise<ItemCount[]> {
  const [{ rows }] = await client.$queryRaw<PackedRows>`
    SELECT string_agg("id" || ',' || "popularity", ';' ORDER BY "id") AS "rows" FROM (
      SELECT "id", "popularity" FROM "Item" WHERE "removedAt" IS NULL AND "id" > ${after}
      ORDER BY "id" LIMIT ${take}
    ) AS "page"`;
  return unpacked(rows).map(([itemId, count]) => ({ itemId: Number(itemId), count: Number(count) }));
}

/** The newest so many interactions of a window count: more take a server with SQLite too long, which waits for them. */
const MAX_TRENDING_ROWS = 100_000;
const MAX_TRENDING_ITEMS = 10_000;

/** @returns The popularity of items in a time, the most popular first; of equal ones the older item. */
export async function readTrending(client: Transaction, from: Date, to: Date): Promise<ItemCount[]> {
  const [{ rows }] = await client.$queryRaw<PackedRows>`
    SELECT string_agg("itemId" || ',' || "count", ';' ORDER BY "count" DESC, "itemId") AS "rows" FROM (
      SELECT "itemId", SUM("weight") AS "count" FROM (
        SELECT "itemId", MAX(COALESCE(k."hundredths", 100)) AS "weight" FROM (
          SELECT "itemId", "userId", "occurredAt", "kind" FROM "Interaction"
          WHERE "occurredAt" > ${from} AND "occurredAt" <= ${to} ORDER BY "occurredAt" DESC LIMIT ${MAX_TRENDING_ROWS}
        ) AS "newest" LEFT JOIN "KindWeight" k ON k."kind" = "newest"."kind"
        GROUP BY "itemId", "userId", substr(CAST("occurredAt" AS TEXT), 1, 10)
      ) AS "once" WHERE "weight" > 0 GROUP BY "itemId" ORDER BY "count" DESC, "itemId" LIMIT ${MAX_TRENDING_ITEMS}
    ) AS "page"`;
  return unpacked(rows).map(([itemId, count]) => ({ itemId: Number(itemId), count: Number(count) }));
}

/** @returns Code → how many live items have it at the level; codes of no item are left out. */
export async function readCodeHistogram(
  client: Transaction,
  tokenizerId: number,
  level: number,
): Promise<Map<number, number>> {
  const rows = await client.$queryRaw<{ code: string; items: number }[]>`
    SELECT substr("prefixKey", ${firstDigitOf(level)}, ${DIGITS}) AS "code", CAST(SUM("itemCount") AS INTEGER) AS "items"
    FROM "SemanticIdPrefix" WHERE "tokenizerId" = ${tokenizerId} AND "level" = ${level + 1} GROUP BY 1`;
  return new Map(rows.map(({ code, items }) => [Number(code), Number(items)]));
}

/** The fields that name an item. */
export interface ShelfItem {
  readonly title: string;
  readonly brand: string | null;
  readonly categories: readonly string[];
}

/** Items whose ids are multiples of `every`, with semantic IDs of a range. */
export interface ShelfSample {
  readonly range: KeyRange;
  readonly every: number;
}

/** @returns The sample's live items. */
export async function readShelfItems(
  client: Transaction,
  tokenizerId: number,
  { range: { gte, lte }, every }: ShelfSample,
  take: number,
): Promise<ShelfItem[]> {
  const rows = await client.$queryRaw<(Omit<ShelfItem, 'categories'> & { categories: string })[]>`
    SELECT i."title" AS "title", i."brand" AS "brand", CAST(i."categories" AS TEXT) AS "categories"
    FROM "SemanticId" s JOIN "Item" i ON i."id" = s."itemId"
    WHERE s."tokenizerId" = ${tokenizerId} AND s."codesKey" >= ${gte} AND s."codesKey" <= ${lte}
      AND s."itemId" % ${every} = 0 AND i."removedAt" IS NULL
    LIMIT ${take}`;
  return rows.map(({ categories, ...row }) => ({ ...row, categories: JSON.parse(categories) as string[] }));
}

/**
 * @param part - Upper and lower case are the same, on SQLite, and on PostgreSQL with the locale C, only those of A–Z; each character
 *   stands for itself.
 * @returns Users with greater ids than `after` whose external id has the part in it, by ascending id.
 */
export async function readUsersWith(
  client: Transaction,
  part: string,
  after: number,
  take: number,
): Promise<{ readonly id: number; readonly externalId: string }[]> {
  const pattern = `%${part.replace(/[!%_]/g, (character) => `!${character}`)}%`;
  return client.$queryRaw`
    SELECT "id", "externalId" FROM "User"
    WHERE "id" > ${after} AND LOWER("externalId") LIKE LOWER(${pattern}) ESCAPE '!'
    ORDER BY "id" LIMIT ${take}`;
}

/** @returns At most `take` points of a curve by ascending step, evenly from the last to the first. */
export async function readThinnedCurve(
  client: Transaction,
  jobId: number,
  metric: string,
  { fromStep, toStep }: StepRange,
  take: number,
): Promise<MetricPointRecord[]> {
  // Of the points, counted from the last, those at which `beyond * gaps / most` reaches the next whole number.
  const gaps = Prisma.sql`CAST(${take - 1} AS INTEGER)`;
  return client.$queryRaw`
    SELECT "step", "value" FROM (
      SELECT "step", "value", COUNT(*) OVER () - 1 AS "most", ROW_NUMBER() OVER (ORDER BY "step" DESC) - 1 AS "beyond"
      FROM "MetricPoint" WHERE "jobId" = ${jobId} AND "metric" = ${metric}
        AND "step" >= ${fromStep ?? 0} AND "step" <= ${toStep ?? MAX_INT}
    ) AS "points"
    WHERE "beyond" = 0 OR "beyond" * ${gaps} / NULLIF("most", 0) > ("beyond" - 1) * ${gaps} / NULLIF("most", 0)
    ORDER BY "step"`;
}

/** Sums over the users of an arm of an experiment; products are those with the number of lists. */
export interface ArmSums extends Readonly<
  Record<SummedColumn | `${SummedColumn}Squares` | `${SummedColumn}Products`, number>
> {
  readonly users: number;
  readonly lists: number;
  readonly listSquares: number;
}

type SummedColumn = (typeof SUMMED_COLUMNS)[number];

const SUMMED_COLUMNS = ['clicked', 'purchased', 'revenue'] as const;

// Squares of large whole numbers have no room in PostgreSQL's INTEGER.
const summed = (value: string, name: string) => `SUM(CAST(1 AS DOUBLE PRECISION) * ${value}) AS "${name}"`;

const ARM_SUMS = [
  summed('1', 'users'),
  summed('"lists"', 'lists'),
  summed('"lists" * "lists"', 'listSquares'),
  ...SUMMED_COLUMNS.flatMap((name) => [
    summed(`"${name}"`, name),
    summed(`"${name}" * "${name}"`, `${name}Squares`),
    summed(`"${name}" * "lists"`, `${name}Products`),
  ]),
].join(', ');

/** @returns By the id of the arm; arms that nobody counts for are left out. */
export async function readArmSums(client: Transaction, armIds: readonly number[]): Promise<Map<number, ArmSums>> {
  const rows = await client.$queryRaw<(ArmSums & { readonly armId: number })[]>`
    SELECT "armId", ${Prisma.raw(ARM_SUMS)} FROM "ArmUser" WHERE "armId" IN (${Prisma.join(armIds)}) GROUP BY "armId"`;
  return new Map(rows.map(({ armId, ...sums }) => [Number(armId), sums]));
}

/** Rows as one text: values with commas between them, rows with semicolons; null for no rows. */
type PackedRows = readonly { readonly rows: string | null }[];

function unpacked(rows: string | null): string[][] {
  return rows === null ? [] : rows.split(';').map((row) => row.split(','));
}
