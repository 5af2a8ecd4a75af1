/** Reads and changes many rows without holding the event loop: the SQLite driver holds it for a whole query. */
import { setImmediate } from 'node:timers/promises';

import type { Transaction } from './database';

/** Some milliseconds of SQLite's time and Prisma's; at a query's first time, when nothing is compiled yet, five times as long. */
const ROWS_A_PAGE = 250;

/**
 * @param start - Below all keys.
 * @param readPage - Up to `take` rows with greater keys than `after`, ascending.
 * @param keyOf - What the rows are ordered by.
 * @returns All rows.
 */
export async function readInPages<Row, Key>(
  start: Key,
  readPage: (after: Key, take: number) => Promise<Row[]>,
  keyOf: (row: Row) => Key,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let after = start; ;) {
    const page = await readPage(after, ROWS_A_PAGE);
    for (const row of page) rows.push(row);
    if (page.length < ROWS_A_PAGE) return rows;
    after = keyOf(page[page.length - 1]);
    await setImmediate();
  }
}

/** What a condition that no index serves costs some milliseconds on. */
const IDS_A_WINDOW = 2_000;

/** Ids from one to another. */
export interface IdWindow {
  readonly gt: number;
  readonly lte: number;
}

/**
 * For conditions that few rows meet: a page of those might take a look at the whole table.
 *
 * @returns The rows with ids up to `lastId`, asked for window by window.
 */
export async function readInWindows<Row>(
  lastId: number,
  readWindow: (ids: IdWindow) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let gt = 0; gt < lastId; gt += IDS_A_WINDOW) {
    for (const row of await readWindow({ gt, lte: gt + IDS_A_WINDOW })) rows.push(row);
    await setImmediate();
  }
  return rows;
}

/** @returns The greatest id of an item, removed ones too; 0 when there are none. */
export async function lastItemId(client: Transaction): Promise<number> {
  const { _max } = await client.item.aggregate({ _max: { id: true } });
  return _max.id ?? 0;
}

/** Keys a query: a condition on more of them is two queries. */
const KEYS_A_QUERY = 500;

/** @returns The rows of all keys, asked for piece by piece. */
export async function readByKeys<Key, Row>(
  keys: readonly Key[],
  readSome: (some: Key[]) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  await forKeys(keys, async (some) => {
    for (const row of await readSome(some)) rows.push(row);
  });
  return rows;
}

/** Runs a statement for all keys, piece by piece. */
export async function forKeys<Key>(
  keys: readonly Key[],
  run: (some: Key[]) => Promise<unknown>,
  keysAQuery = KEYS_A_QUERY,
): Promise<void> {
  for (let start = 0; start < keys.length; start += keysAQuery) {
    await run(keys.slice(start, start + keysAQuery));
    if (start + keysAQuery < keys.length) await setImmediate();
  }
}
