/** Every semantic ID of a tokenizer as flat arrays, from which a trie is built. */
import { setImmediate } from 'node:timers/promises';

import type { PrismaClient } from '../../prisma/generated/sqlite/client';
import { codesOfKey, levelOfKey } from '../storage/code-keys';
import type { CodeTable } from '../workers/messages';

/** A code table, and beside each row 1 for a live item, 0 for a removed one. */
export interface LiveCodeTable extends CodeTable {
  readonly live: Uint8Array;
}

/** The SQLite driver holds the event loop for a whole query, and a table may have a million rows. */
const ROWS_A_QUERY = 2_000;

/** @returns Every semantic ID under the tokenizer, removed items' too, by ascending row id. */
export async function readCodeTable(client: PrismaClient, tokenizerId: number): Promise<LiveCodeTable> {
  const pages: LiveCodeTable[] = [];
  for (let after = 0; ;) {
    const { table, lastId } = parseCodeRows(await codeRows(client, tokenizerId, after));
    if (lastId === null) return joinTables(pages);
    pages.push(table);
    after = lastId;
    await setImmediate();
  }
}

/** One text for many rows: to make an object of each takes ten times as long as to read it. */
async function codeRows(client: PrismaClient, tokenizerId: number, after: number): Promise<string> {
  const [{ rows }] = await client.$queryRaw<{ rows: string | null }[]>`
    SELECT string_agg("row", ';') AS "rows" FROM (
      SELECT s."id" || ',' || s."itemId" || ',' || CASE WHEN i."removedAt" IS NULL THEN 1 ELSE 0 END || ',' || s."codesKey" AS "row"
      FROM "SemanticId" s JOIN "Item" i ON i."id" = s."itemId"
      WHERE s."tokenizerId" = ${tokenizerId} AND s."id" > ${after}
      ORDER BY s."id" LIMIT ${ROWS_A_QUERY}
    ) AS "page"`;
  return rows ?? '';
}

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
