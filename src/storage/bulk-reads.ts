/** Reads and changes many rows piece by piece, because the SQLite driver holds the event loop for a whole query. */
import { setImmediate } from 'node:timers/promises';

/** SQLite and Prisma read so many rows in some milliseconds, but in five times as long before their code is compiled. */
const ROWS_PER_PAGE = 250;

/**
 * @param start - Below all keys.
 * @param readPage - Reads up to `take` rows with greater keys than `after`, ascending.
 * @param keyOf - The key that the rows are ordered by.
 * @returns Page by page, none of them empty; yields to the event loop between two.
 */
export async function* pagesOf<Row, Key>(
  start: Key,
  readPage: (after: Key, take: number) => Promise<Row[]>,
  keyOf: (row: Row) => Key,
  rowsPerPage = ROWS_PER_PAGE,
): AsyncGenerator<Row[]> {
  for (let after = start; ;) {
    const page = await readPage(after, rowsPerPage);
    if (page.length > 0) yield page;
    if (page.length < rowsPerPage) return;
    after = keyOf(page[page.length - 1]);
    await setImmediate();
  }
}

/** Takes the arguments of `pagesOf`. @returns All rows. */
export async function readInPages<Row, Key>(...args: Parameters<typeof pagesOf<Row, Key>>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const page of pagesOf(...args)) for (const row of page) rows.push(row);
  return rows;
}

/** Testing this many rows takes some milliseconds without an index. */
const IDS_PER_WINDOW = 8_000;

/** The ids after one up to another. */
export interface IdWindow {
  readonly gt: number;
  readonly lte: number;
}

/**
 * Use it for conditions that few rows meet: filling a page with such rows might read the whole table.
 *
 * @returns What each window of ids up to `lastId` gives.
 */
export async function readInWindows<T>(
  lastId: number,
  readWindow: (ids: IdWindow) => Promise<T>,
  idsPerWindow = IDS_PER_WINDOW,
): Promise<T[]> {
  const windows: T[] = [];
  for (let gt = 0; gt < lastId; gt += idsPerWindow) {
    windows.push(await readWindow({ gt, lte: gt + idsPerWindow }));
    await setImmediate();
  }
  return windows;
}

/**
 * @returns The first `take` rows with ids after `after`, read window by window, and the id after which to go on; null when the last
 *   window is read.
 */
export async function readSomeInWindows<Row extends { readonly id: number }>(
  { after, lastId, take }: { readonly after: number; readonly lastId: number; readonly take: number },
  readWindow: (ids: IdWindow) => Promise<Row[]>,
): Promise<{ readonly rows: Row[]; readonly next: number | null }> {
  const rows: Row[] = [];
  for (let gt = after; gt < lastId; gt += IDS_PER_WINDOW) {
    rows.push(...(await readWindow({ gt, lte: gt + IDS_PER_WINDOW })));
    if (rows.length >= take) return { rows: rows.slice(0, take), next: rows[take - 1].id };
    await setImmediate();
  }
  return { rows, next: null };
}

/** Keys of one query: a condition on more of them becomes two queries. */
const KEYS_PER_QUERY = 500;

/** @returns The rows of all keys, read piece by piece. */
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

/** Runs a statement for all keys, piece by piece; yields to the event loop between two. */
export async function forKeys<Key>(
  keys: readonly Key[],
  run: (some: Key[]) => Promise<unknown>,
  keysPerQuery = KEYS_PER_QUERY,
): Promise<void> {
  for (let start = 0; start < keys.length; start += keysPerQuery) {
    await run(keys.slice(start, start + keysPerQuery));
    if (start + keysPerQuery < keys.length) await setImmediate();
  }
}
