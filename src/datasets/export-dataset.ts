/** Writes the items of a database and their histories as a dataset folder. An import of it brings back everything that it has. */
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { MAX_INT } from '../../graphql/common/limits';
import type { Item, ItemVector } from '../../prisma/generated/sqlite/client';
import { writeNewFolder } from '../files/disk';
import { pagesOf } from '../storage/bulk-reads';
import type { Database } from '../storage/database';
import { OPTIONAL_FIELDS } from '../storage/item-columns';
import { lastInteractionId } from '../storage/last-ids';
import { historyPages, type HistoryRow } from '../storage/sql-reads';
import type { DatasetCounts, VectorsInfo } from './dataset';
import { INTERACTIONS } from './sequence-folder';

const ROWS_PER_PAGE = 500;
type ExportedDatabase = Pick<Database, 'read' | 'provider'>;
type ReadClient = Database['read'];

type StoredItem = Item & { readonly vector: ItemVector | null };

/**
 * Writes `items.jsonl`, `interactions.jsonl`, and `vectors.float32.bin` when items have vectors. Removed items are marked as removed.
 * Others may write meanwhile: what comes after the last item was read is left out, with all that is about it.
 *
 * @throws {FolderError} When the folder exists, or an export to it has not ended.
 * @throws The signal's reason, between two pages, when it is aborted.
 */
export async function exportDataset(
  database: ExportedDatabase,
  dir: string,
  signal?: AbortSignal,
): Promise<DatasetCounts> {
  return writeNewFolder(dir, async (folder) => {
    const { items, lastId } = await writeItems(database.read, folder, signal);
    const histories = await writeHistories(database, folder, lastId, signal);
    return { items, ...histories };
  });
}

interface WrittenItems {
  readonly items: number;
  /** An item that came later has a greater id, and is in no file. */
  readonly lastId: number;
}

async function writeItems(read: ReadClient, folder: string, signal?: AbortSignal): Promise<WrittenItems> {
  const main = await mainEncoder(read);
  const lines = await open(join(folder, 'items.jsonl'), 'w');
  const vectors = main && (await open(join(folder, 'vectors.float32.bin'), 'w'));
  let [items, rows, lastId] = [0, 0, 0];
  try {
    for await (const page of pagesOf(0, itemsOf(read), idOf, ROWS_PER_PAGE)) {
      signal?.throwIfAborted();
      const data = page.flatMap(({ vector }) => (vector !== null && vector.dims === main?.dims ? vector.data : []));
      await lines.appendFile(page.map((item) => itemLine(item, main)).join(''));
      await vectors?.appendFile(Buffer.concat(data));
      items += page.length;
      rows += data.length;
      lastId = page[page.length - 1].id;
    }
  } finally {
    await Promise.all([lines.close(), vectors?.close()]);
  }
  if (rows > 0)
    await writeFile(join(folder, 'vectors.json'), `${JSON.stringify({ rows, ...main, dtype: 'float32' }, null, 2)}\n`);
  return { items, lastId };
}

/** @returns The encoder of most vectors; null when there are none. Items with another encoder say so in their lines. */
async function mainEncoder(read: ReadClient): Promise<VectorsInfo | null> {
  const kinds = await read.itemVector.groupBy({ by: ['encoder', 'dims'], _count: { itemId: true } });
  const [most] = kinds.sort((a, b) => b._count.itemId - a._count.itemId);
  return most === undefined ? null : { encoder: most.encoder, dims: most.dims };
}

async function writeHistories(
  { read, provider }: ExportedDatabase,
  folder: string,
  lastItemId: number,
  signal?: AbortSignal,
): Promise<Omit<DatasetCounts, 'items'>> {
  const scope = { lastItemId: MAX_INT, lastInteractionId: await lastInteractionId(read) };
  const interactions = await open(join(folder, INTERACTIONS), 'w');
  const counts = { users: 0, interactions: 0 };
  let lastUser: string | null = null;
  try {
    for await (const page of historyPages({ read, provider }, scope, ROWS_PER_PAGE)) {
      signal?.throwIfAborted();
      const events = await storedEvents(read, page, lastItemId);
      await interactions.appendFile(events.map(interactionLine).join(''));
      for (const { user } of events) {
        if (user.externalId !== lastUser) counts.users++;
        lastUser = user.externalId;
      }
      counts.interactions += events.length;
    }
  } finally {
    await interactions.close();
  }
  return counts;
}

interface StoredEvent {
  readonly user: { readonly externalId: string };
  readonly item: { readonly externalId: string };
  readonly kind: string;
  readonly eventId: string | null;
  readonly rating: number | null;
  /** Milliseconds since 1970. */
  readonly time: number;
}

const EVENT_COLUMNS = {
  ...{ id: true, kind: true, eventId: true, rating: true },
  user: { select: { externalId: true } },
  item: { select: { externalId: true } },
};

/** @returns The events of the rows, in their order. */
async function storedEvents(read: ReadClient, rows: readonly HistoryRow[], lastItemId: number): Promise<StoredEvent[]> {
  const where = { id: { in: rows.map(idOf) }, item: { id: { lte: lastItemId } }, user: { id: { gt: 0 } } };
  const found = await read.interaction.findMany({ where, select: EVENT_COLUMNS });
  const events = new Map(found.map((event) => [event.id, event]));
  return rows.flatMap(({ id, time }) => (events.has(id) ? [{ ...events.get(id)!, time }] : []));
}

const idOf = ({ id }: { readonly id: number }) => id;

/** @returns A function that reads a page of items. */
function itemsOf(read: ReadClient) {
  return (after: number, take: number): Promise<StoredItem[]> =>
    read.item.findMany({ where: { id: { gt: after } }, orderBy: { id: 'asc' }, take, include: { vector: true } });
}

/** `JSON.stringify` leaves out what is undefined. */
function itemLine(item: StoredItem, main: VectorsInfo | null): string {
  const { externalId, title, categories, addedAt, removedAt, vector } = item;
  const hasVector = vector !== null && vector.dims === main?.dims;
  const line = {
    ...{ id: externalId, title, categories },
    ...Object.fromEntries(OPTIONAL_FIELDS.map(({ name }) => [name, item[name] ?? undefined])),
    addedAt,
    removedAt: removedAt ?? undefined,
    vector: hasVector || main === null ? undefined : false,
    encoder: hasVector && vector.encoder !== main?.encoder ? vector.encoder : undefined,
  };
  return `${JSON.stringify(line)}\n`;
}

function interactionLine({ user, item, kind, time, eventId, rating }: StoredEvent): string {
  const line = {
    user: user.externalId,
    item: item.externalId,
    kind,
    rating: rating ?? undefined,
    at: new Date(time),
    eventId: eventId ?? undefined,
  };
  return `${JSON.stringify(line)}\n`;
}
