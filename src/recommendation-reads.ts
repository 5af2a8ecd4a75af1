/** What recommending asks of the database beside what every request does: who qualifies, and the semantic IDs for the trie. */
import { setImmediate } from 'node:timers/promises';

import type { ItemFilterArgs } from '../graphql/records';
import type { Prisma, PrismaClient } from '../prisma/generated/sqlite/client';
import { codesOfKey, levelOfKey } from './code-keys';
import { liveItemsWhere } from './item-filter';
import { findLiveTokenizer } from './live-tokenizer';
import { lastItemId, readInWindows } from './paged-queries';
import type { CodeTable } from './workers/messages';

/** A code table, and beside each row 1 for a live item, 0 for a removed one. */
export interface LiveCodeTable extends CodeTable {
  readonly live: Uint8Array;
}

/** The SQLite driver holds the event loop for a whole query, and a table may have a million rows. */
const ROWS_A_QUERY = 2_000;

/** @param added - Rows of live items, in place of those that the table has of them. */
export function withRows(
  { depth, itemIds, codes, live }: LiveCodeTable,
  added: readonly { readonly itemId: number; readonly codes: readonly number[] }[],
): LiveCodeTable {
  const isRenewed = new Set(added.map(({ itemId }) => itemId));
  const fresh = {
    itemIds: Int32Array.from(added, ({ itemId }) => itemId),
    codes: Int32Array.from(added.flatMap((row) => row.codes)),
    live: new Uint8Array(added.length).fill(1),
  };
  return {
    depth: depth || (added[0]?.codes.length ?? 0),
    itemIds: joinArrays(Int32Array, [itemIds, fresh.itemIds]),
    codes: joinArrays(Int32Array, [codes, fresh.codes]),
    live: joinArrays(Uint8Array, [live.map((flag, row) => (isRenewed.has(itemIds[row]) ? 0 : flag)), fresh.live]),
  };
}

export class RecommendationReads {
  constructor(private readonly client: PrismaClient) {}

  /**
   * @param among - Only of these items; absent: of all.
   * @returns Ids of the live items that pass, ascending.
   */
  async matchingItemIds(filter: ItemFilterArgs, among?: readonly number[]): Promise<Int32Array> {
    const tokenizer = filter.semanticIdPrefix ? await findLiveTokenizer(this.client) : null;
    const where = liveItemsWhere(filter, tokenizer);
    const find = (id: Prisma.IntFilter) =>
      this.client.item.findMany({ where: { AND: [where, { id }] }, select: { id: true }, orderBy: { id: 'asc' } });
    const rows = among ? await find({ in: [...among] }) : await readInWindows(await lastItemId(this.client), find);
    return Int32Array.from(rows, ({ id }) => id);
  }

  /** @returns External id → id, of the items that exist, removed ones too. */
  async itemIdsOf(externalIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.client.item.findMany({
      where: { externalId: { in: [...externalIds] } },
      select: { id: true, externalId: true },
    });
    return new Map(rows.map((row) => [row.externalId, row.id]));
  }

  /** @returns Every semantic ID under the tokenizer, removed items' too, by ascending row id. */
  async codeTable(tokenizerId: number): Promise<LiveCodeTable> {
    const pages: LiveCodeTable[] = [];
    for (let after = 0; ;) {
      const { table, lastId } = parseCodeRows(await this.codeRows(tokenizerId, after));
      if (lastId === null) return joinTables(pages);
      pages.push(table);
      after = lastId;
      await setImmediate();
    }
  }

  /** One text for many rows: to make an object of each takes ten times as long as to read it. */
  private async codeRows(tokenizerId: number, after: number): Promise<string> {
    const [{ rows }] = await this.client.$queryRaw<{ rows: string | null }[]>`
      SELECT string_agg("row", ';') AS "rows" FROM (
        SELECT s."id" || ',' || s."itemId" || ',' || CASE WHEN i."removedAt" IS NULL THEN 1 ELSE 0 END || ',' || s."codesKey" AS "row"
        FROM "SemanticId" s JOIN "Item" i ON i."id" = s."itemId"
        WHERE s."tokenizerId" = ${tokenizerId} AND s."id" > ${after}
        ORDER BY s."id" LIMIT ${ROWS_A_QUERY}
      ) AS "page"`;
    return rows ?? '';
  }
}

/** @param text - Rows `id,item id,1 for live,codes' key`, with semicolons between them. */
function parseCodeRows(text: string): { table: LiveCodeTable; lastId: number | null } {
  const rows = text === '' ? [] : text.split(';').map((row) => row.split(','));
  const depth = rows.length === 0 ? 0 : levelOfKey(rows[0][3]);
  const codes = new Int32Array(rows.length * depth);
  rows.forEach(([, , , key], row) => codes.set(codesOfKey(key), row * depth));
  const table = {
    depth,
    itemIds: Int32Array.from(rows, ([, itemId]) => Number(itemId)),
    codes,
    live: Uint8Array.from(rows, ([, , live]) => Number(live)),
  };
  return { table, lastId: rows.reduce<number | null>((last, [id]) => Math.max(last ?? 0, Number(id)), null) };
}

function joinTables(pages: readonly LiveCodeTable[]): LiveCodeTable {
  return {
    depth: pages[0]?.depth ?? 0,
    itemIds: joinArrays(
      Int32Array,
      pages.map(({ itemIds }) => itemIds),
    ),
    codes: joinArrays(
      Int32Array,
      pages.map(({ codes }) => codes),
    ),
    live: joinArrays(
      Uint8Array,
      pages.map(({ live }) => live),
    ),
  };
}

function joinArrays<T extends Int32Array | Uint8Array>(type: new (length: number) => T, arrays: readonly T[]): T {
  const joined = new type(arrays.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const array of arrays) {
    joined.set(array, end);
    end += array.length;
  }
  return joined;
}
