/** Reads and changes many rows without holding the event loop: the SQLite driver holds it for a whole query. */
import { setImmediate } from 'node:timers/promises';

/** Some 10 ms of SQLite's time and Prisma's. */
const ROWS_A_PAGE = 1_000;

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

/** Keys a query: a condition on more of them is two queries. */
const KEYS_A_QUERY = 1_000;

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
export async function forKeys<Key>(keys: readonly Key[], run: (some: Key[]) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < keys.length; start += KEYS_A_QUERY) {
    await run(keys.slice(start, start + KEYS_A_QUERY));
    if (start + KEYS_A_QUERY < keys.length) await setImmediate();
  }
}
