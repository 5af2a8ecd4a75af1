/** Imports a checked dataset into the database. */
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

import { SENTENCE_ENCODER } from '../../models/text/sentence-encoder';
import {
  importCatalogue,
  type ImportCounts,
  type ImportedInteraction,
  type ImportedItem,
  type ImportOptions,
} from '../catalogue/importer';
import { sha256Hex } from '../files/disk';
import { GIVEN_ENCODER } from '../semantic-ids/code-assigner';
import type { Database } from '../storage/database';
import { DatabaseError } from '../storage/database-error';
import { storedVectorDims } from '../storage/item-rows';
import { lastInteractionId, lastItemId } from '../storage/last-ids';
import { sqlitePath } from '../storage/sqlite-snapshot';
import { DatasetError, type Dataset } from './dataset';
import { MAX_EVENT_ID_LENGTH } from './sequence-folder';

export interface ImportDatasetOptions extends Omit<ImportOptions, 'onProgress'> {
  /** Gets the number of rows read so far, and of all rows. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Imports items with their vectors, and histories: as purchases, when the dataset does not say what the events are.
 *
 * Items come as one version of the catalogue. Events that are in the database stay as they are, and so do items, unless `update` is given.
 * So an interrupted import can be repeated, and a dataset that has grown adds its new rows.
 *
 * @throws {DatasetError} When its vectors have another width or encoder than those of the database. Nothing is written then. Items that
 *   have no vector beside those of another encoder than the built-in one are refused by the next training.
 * @throws The signal's reason when the signal is aborted, between two transactions.
 */
export async function importDataset(
  database: Database,
  dataset: Dataset,
  { onProgress, ...options }: ImportDatasetOptions = {},
): Promise<ImportCounts> {
  const dims = await storedVectorDims(database.read);
  if (dims !== null && dataset.vectors !== null && dataset.vectors.dims !== dims) {
    const got = `${dataset.vectors.dims}`;
    throw new DatasetError(dataset.dir, null, `vectors: expected ${dims} numbers each, as in the database, got ${got}`);
  }
  await checkEncoder(database, dataset);
  const total = dataset.counts.items + dataset.counts.interactions;
  return importCatalogue(
    database,
    { items: itemsOf(dataset), interactions: interactionsOf(dataset), numInteractions: dataset.counts.interactions },
    { ...options, onProgress: ({ items, interactions }) => onProgress?.(items + interactions, total) },
  );
}

/** Of SQLite's file, indexes included. Items come in one transaction, which the write-ahead log has too. */
const [BYTES_PER_ITEM, BYTES_PER_EVENT, BYTES_PER_NUMBER] = [2_000, 300, 8];

/**
 * Refuses an import for which the disk of a SQLite file has no room. A disk that others fill meanwhile loses nothing: what is stored by
 * then stays, and the same import later adds the rest.
 *
 * @param url - As for `openDatabase`.
 * @throws {DatabaseError} With the figures.
 */
export async function checkRoom(
  { read, provider }: Pick<Database, 'read' | 'provider'>,
  url: string,
  { counts, vectors }: Pick<Dataset, 'counts' | 'vectors'>,
): Promise<void> {
  if (provider !== 'sqlite') return;
  const items = Math.max(0, counts.items - (await lastItemId(read)));
  const events = Math.max(0, counts.interactions - (await lastInteractionId(read)));
  const needed = items * (BYTES_PER_ITEM + BYTES_PER_NUMBER * (vectors?.dims ?? 0)) + events * BYTES_PER_EVENT;
  const dir = dirname(sqlitePath(url));
  const { bavail, bsize } = await statfs(dir);
  if (needed <= bavail * bsize) return;
  const [wanted, got] = [needed, bavail * bsize].map((bytes) => `${(bytes / 1e9).toFixed(1)} GB`);
  throw new DatabaseError(
    `${dir}: expected ${wanted} free for ${items} items and ${events} interactions, got ${got}; make room, or move the database (DATABASE_URL)`,
  );
}

/** Vectors of different encoders say nothing of one another. Those without a name, such as the API takes, may be of any. */
async function checkEncoder({ read }: Database, { dir, vectors }: Dataset): Promise<void> {
  if (vectors === null || vectors.encoder === SENTENCE_ENCODER) return;
  const first = (where: { encoder: string | { notIn: string[] } }) =>
    read.itemVector.findFirst({ where, select: { encoder: true } });
  const isKnown = vectors.encoder === GIVEN_ENCODER || (await first({ encoder: vectors.encoder })) !== null;
  const other = await first({ encoder: isKnown ? SENTENCE_ENCODER : { notIn: [vectors.encoder, GIVEN_ENCODER] } });
  if (other === null) return;
  const reason = `vectors: expected those of ${other.encoder}, which the database has, got those of ${vectors.encoder}`;
  throw new DatasetError(dir, null, `${reason}; import the whole shop with these vectors into an empty database`);
}

async function* itemsOf(dataset: Dataset): AsyncGenerator<ImportedItem> {
  const encoder = dataset.vectors?.encoder ?? '';
  for await (const { vector, encoder: own, ...item } of dataset.items()) {
    yield { ...item, vector: vector && { values: vector, encoder: own ?? encoder } };
  }
}

async function* interactionsOf(dataset: Dataset): AsyncGenerator<ImportedInteraction> {
  for await (const { userExternalId, itemExternalIds, times, events } of dataset.sequences()) {
    const user = encodeURIComponent(userExternalId);
    const twins = new Map<string, number>();
    for (const [i, itemExternalId] of itemExternalIds.entries()) {
      const { kind, eventId, rating } = events?.[i] ?? {
        kind: 'PURCHASE',
        rating: null,
        eventId: eventIdOf(user, itemExternalId, times[i]),
      };
      const event = { userExternalId, itemExternalId, kind, rating, occurredAt: new Date(times[i]) };
      if (eventId !== null) yield { ...event, eventId };
      else yield { ...event, eventId, twin: countTwin(twins, `${kind} ${times[i]} ${itemExternalId}`) };
    }
  }
}

/** @returns How many equal events came before. */
function countTwin(twins: Map<string, number>, key: string): number {
  const twin = twins.get(key) ?? 0;
  twins.set(key, twin + 1);
  return twin;
}

/** Events of a dataset have no ids, so user, item and time identify one. @param user - Encoded. */
function eventIdOf(user: string, item: string, time: number): string {
  const text = `import/${user}/${encodeURIComponent(item)}/${time}`;
  return text.length > MAX_EVENT_ID_LENGTH ? `import/${sha256Hex(text)}` : text;
}
