/** Writes a database's live items and their histories as a dataset folder that `readDataset` takes. */
import { existsSync } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Item, ItemVector } from '../../prisma/generated/sqlite/client';
import type { Database } from '../storage/database';
import { DatasetError, type DatasetCounts } from './dataset';

const PAGE = 500;
const DAY_MS = 86_400_000;
const FILES = ['items.jsonl', 'sequences.txt', 'gaps_days.txt', 'vectors.json', 'vectors.float32.bin'] as const;

type Reader = Database['read'];
type StoredItem = Item & { readonly vector: ItemVector | null };

/**
 * Writes `items.jsonl`, `sequences.txt` and `gaps_days.txt`, and `vectors.float32.bin` when every item has a vector of
 * one encoder. Removed items, and what was done with them, are left out.
 *
 * @param dir - Made when missing; nothing in it is overwritten.
 * @throws {DatasetError} When a file is there already, or an id has a blank in it, which `sequences.txt` cannot hold.
 */
export async function exportDataset({ read }: Database, dir: string): Promise<DatasetCounts> {
  const present = FILES.map((name) => join(dir, name)).find((file) => existsSync(file));
  if (present !== undefined)
    throw new DatasetError(present, null, 'expected a folder without this file, got one with it');
  await mkdir(dir, { recursive: true });
  const items = await writeItems(read, dir);
  return { items, ...(await writeSequences(read, dir)) };
}

async function writeItems(read: Reader, dir: string): Promise<number> {
  const lines = await open(join(dir, 'items.jsonl'), 'wx');
  const encoder = await commonEncoder(read);
  const vectors = encoder && (await open(join(dir, `vectors.float32.bin`), 'wx'));
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

/** Vectors of several encoders, or of some items only, are not written: a dataset has one kind for all. */
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

/** Pages of rows, each page asked for by the last id of the one before. */
async function* pages<T extends { readonly id: number }>(next: (after: number) => Promise<T[]>): AsyncGenerator<T[]> {
  for (let page = await next(0); page.length > 0; page = await next(page[page.length - 1].id)) yield page;
}

function itemsAfter(read: Reader, after: number): Promise<StoredItem[]> {
  return read.item.findMany({
    where: { removedAt: null, id: { gt: after } },
    orderBy: { id: 'asc' },
    take: PAGE,
    include: { vector: true },
  });
}

function usersAfter(read: Reader, after: number) {
  return read.user.findMany({
    where: { id: { gt: after } },
    orderBy: { id: 'asc' },
    take: PAGE,
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

/** Days by the calendar, so that two orders of one day have 0 between them whatever the hour. */
function gapsLine({ externalId, interactions }: StoredUser): string {
  const days = interactions.map(({ occurredAt }) => Math.floor(occurredAt.getTime() / DAY_MS));
  return `${[externalId, ...days.map((day, i) => (i === 0 ? 0 : day - days[i - 1]))].join(' ')}\n`;
}

function oneWord(id: string): string {
  if (/^\S+$/.test(id)) return id;
  throw new DatasetError('sequences.txt', null, `id "${id}": expected no blanks in it, which separate ids here`);
}
