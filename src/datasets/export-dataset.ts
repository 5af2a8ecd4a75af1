/** Writes the live items of a database and their histories as a dataset folder, which `readDataset` can read. */
import { existsSync } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Item, ItemVector } from '../../prisma/generated/sqlite/client';
import type { Database } from '../storage/database';
import { DatasetError, type DatasetCounts } from './dataset';

const ROWS_PER_PAGE = 500;
const DAY_MS = 86_400_000;
const FILES = ['items.jsonl', 'sequences.txt', 'gaps_days.txt', 'vectors.json', 'vectors.float32.bin'] as const;

type Reader = Database['read'];
type StoredItem = Item & { readonly vector: ItemVector | null };

/**
 * Writes `items.jsonl`, `sequences.txt` and `gaps_days.txt`, and `vectors.float32.bin` when all items have vectors of one
 * encoder. Removed items and their interactions are left out.
 *
 * @param dir - Made when it is missing. No file is overwritten.
 * @throws {DatasetError} When a file exists already, or when an id contains a blank: `sequences.txt` cannot hold such an id.
 */
export async function exportDataset({ read }: Database, dir: string): Promise<DatasetCounts> {
  const present = FILES.map((name) => join(dir, name)).find((file) => existsSync(file));
  if (present !== undefined)
    throw new DatasetError(present, null, 'expected a folder without this file, got a folder with it');
  await mkdir(dir, { recursive: true });
  const items = await writeItems(read, dir);
  return { items, ...(await writeSequences(read, dir)) };
}

async function writeItems(read: Reader, dir: string): Promise<number> {
  const lines = await open(join(dir, 'items.jsonl'), 'wx');
  const encoder = await commonEncoder(read);
  const vectors = encoder && (await open(join(dir, 'vectors.float32.bin'), 'wx'));
  let rows = 0;
  try {
    for await (const page of pages((after) => itemsAfter(read, after))) {
      await lines.write(page.map(itemLine).join(''));
      await vectors?.write(Buffer.concat(page.map((item) => item.vector?.data ?? new Uint8Array())));
      rows += page.length;
    }
  } finally {
    await Promise.all([lines.close(), vectors?.close()]);
  }
  const header = { rows, ...encoder, dtype: 'float32' };
  if (encoder !== null) await writeFile(join(dir, 'vectors.json'), `${JSON.stringify(header, null, 2)}\n`);
  return rows;
}

/** @returns Null when the vectors are of several encoders, or when some items have none: a dataset has one kind for all items. */
async function commonEncoder(read: Reader): Promise<{ encoder: string; dims: number } | null> {
  const kinds = await read.itemVector.groupBy({
    by: ['encoder', 'dims'],
    where: { item: { removedAt: null } },
    _count: { itemId: true },
  });
  const items = await read.item.count({ where: { removedAt: null } });
  if (kinds.length !== 1 || kinds[0]._count.itemId !== items) return null;
  return { encoder: kinds[0].encoder, dims: kinds[0].dims };
}

async function writeSequences(read: Reader, dir: string): Promise<Omit<DatasetCounts, 'items'>> {
  const sequences = await open(join(dir, 'sequences.txt'), 'wx');
  const gaps = await open(join(dir, 'gaps_days.txt'), 'wx');
  const counts = { users: 0, interactions: 0 };
  try {
    for await (const page of pages((after) => usersAfter(read, after))) {
      const users = page.filter(({ interactions }) => interactions.length > 0);
      await sequences.write(users.map(sequenceLine).join(''));
      await gaps.write(users.map(gapsLine).join(''));
      counts.users += users.length;
      counts.interactions += users.reduce((sum, { interactions }) => sum + interactions.length, 0);
    }
  } finally {
    await Promise.all([sequences.close(), gaps.close()]);
  }
  return counts;
}

/** Reads rows page by page; each page begins after the last id of the page before. */
async function* pages<T extends { readonly id: number }>(next: (after: number) => Promise<T[]>): AsyncGenerator<T[]> {
  for (let page = await next(0); page.length > 0; page = await next(page[page.length - 1].id)) yield page;
}

function itemsAfter(read: Reader, after: number): Promise<StoredItem[]> {
  return read.item.findMany({
    where: { removedAt: null, id: { gt: after } },
    orderBy: { id: 'asc' },
    take: ROWS_PER_PAGE,
    include: { vector: true },
  });
}

function usersAfter(read: Reader, after: number) {
  return read.user.findMany({
    where: { id: { gt: after } },
    orderBy: { id: 'asc' },
    take: ROWS_PER_PAGE,
    include: {
      interactions: {
        where: { item: { removedAt: null } },
        orderBy: [{ occurredAt: 'asc' }, { id: 'asc' }],
        select: { occurredAt: true, item: { select: { externalId: true } } },
      },
    },
  });
}

type StoredUser = Awaited<ReturnType<typeof usersAfter>>[number];

function itemLine({ externalId, title, description, brand, categories, price }: StoredItem): string {
  return `${JSON.stringify({ id: oneWord(externalId), title, description, brand, categories, price })}\n`;
}

function sequenceLine({ externalId, interactions }: StoredUser): string {
  return `${[externalId, ...interactions.map(({ item }) => item.externalId)].map(oneWord).join(' ')}\n`;
}

/** Counts calendar days, so that the gap between two orders of one day is 0 at any hour. */
function gapsLine({ externalId, interactions }: StoredUser): string {
  const days = interactions.map(({ occurredAt }) => Math.floor(occurredAt.getTime() / DAY_MS));
  return `${[externalId, ...days.map((day, i) => (i === 0 ? 0 : day - days[i - 1]))].join(' ')}\n`;
}

function oneWord(id: string): string {
  if (/^\S+$/.test(id)) return id;
  throw new DatasetError(
    'sequences.txt',
    null,
    `id "${id}": expected an id without blanks, because blanks separate the ids of a line, got one with a blank`,
  );
}
