/** Imports a checked dataset into the database. */
import { SENTENCE_DIMS, SENTENCE_ENCODER } from '../../models/text/sentence-encoder';
import { importCatalogue, type ImportCounts, type ImportedInteraction, type ImportedItem } from '../catalogue/importer';
import { sha256Hex } from '../files/disk';
import { GIVEN_ENCODER } from '../semantic-ids/code-assigner';
import { pagesOf } from '../storage/bulk-reads';
import type { Database } from '../storage/database';
import { itemIdsOf, storedVectorDims } from '../storage/item-rows';
import { DatasetError, type Dataset, type VectorsInfo } from './dataset';
import { MAX_EVENT_ID_LENGTH } from './sequence-folder';

export interface ImportDatasetOptions {
  /** Gets the number of rows read so far, and of all rows. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Imports items with their vectors, and histories: as purchases, when the dataset does not say what the events are.
 *
 * Rows that are in the database stay as they are. So an interrupted import can be repeated, and a dataset that has grown adds
 * its new rows.
 *
 * @throws {DatasetError} When its vectors have another width than those of the database, when another encoder's stand beside those that
 *   the built-in encoder made, or when items would have none beside another encoder's. Nothing is written then.
 * @throws The signal's reason when the signal is aborted, between two transactions.
 */
export async function importDataset(
  database: Database,
  dataset: Dataset,
  { onProgress, signal }: ImportDatasetOptions = {},
): Promise<ImportCounts> {
  const dims = await storedVectorDims(database.read);
  if (dims !== null && dataset.vectors !== null && dataset.vectors.dims !== dims) {
    const got = `${dataset.vectors.dims}`;
    throw new DatasetError(dataset.dir, null, `vectors: expected ${dims} numbers each, as in the database, got ${got}`);
  }
  await checkEncoder(database, dataset);
  if (dims !== null && dataset.vectors === null) await checkNewItems(database, dataset, dims);
  if (dataset.vectors !== null) await checkOldItems(database, dataset, dataset.vectors);
  const total = dataset.counts.items + dataset.counts.interactions;
  return importCatalogue(
    database,
    { items: itemsOf(dataset), interactions: interactionsOf(dataset) },
    { onProgress: ({ items, interactions }) => onProgress?.(items + interactions, total), signal },
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

/** Beside vectors of another encoder, nobody can make those of new items, and each training would be refused. */
async function checkNewItems({ read }: Database, dataset: Dataset, dims: number): Promise<void> {
  const builtIn = await read.itemVector.findFirst({ where: { encoder: SENTENCE_ENCODER }, select: { itemId: true } });
  if (builtIn !== null && dims === SENTENCE_DIMS) return;
  const ids: string[] = [];
  for await (const { externalId } of dataset.items()) ids.push(externalId);
  const known = await itemIdsOf(read, ids);
  const added = ids.filter((id) => !known.has(id));
  if (added.length === 0) return;
  const expected = `since the database has vectors of another encoder than the built-in one (${dims} numbers each)`;
  const got = `got none for ${added.length} new items, first for ${added[0]}; describe their vectors in vectors.json`;
  throw new DatasetError(dataset.dir, null, `vectors: expected one for each new item, ${expected}, ${got}`);
}

/** The same for items that the database has, and that this dataset gives no vector. */
async function checkOldItems({ read }: Database, dataset: Dataset, { encoder, dims }: VectorsInfo): Promise<void> {
  if (encoder === SENTENCE_ENCODER) return;
  const where = { vector: null };
  if ((await read.item.findFirst({ where, select: { id: true } })) === null) return;
  const given = new Set<string>();
  for await (const { externalId, vector } of dataset.items()) if (vector !== null) given.add(externalId);
  const readPage = (after: number, take: number) =>
    read.item.findMany({
      where: { ...where, id: { gt: after } },
      select: { id: true, externalId: true },
      orderBy: { id: 'asc' },
      take,
    });
  const left: string[] = [];
  for await (const rows of pagesOf(0, readPage, ({ id }) => id))
    left.push(...rows.map(({ externalId }) => externalId).filter((id) => !given.has(id)));
  if (left.length === 0) return;
  const expected = `vectors: expected one also for each item that the database has without a vector, since the built-in encoder cannot make it`;
  const got = `got none for ${left.length} of them, first for ${left[0]}; import the whole shop with vectors, or without any`;
  throw new DatasetError(dataset.dir, null, `${expected} (${dims} numbers of another encoder), ${got}`);
}

async function* itemsOf(dataset: Dataset): AsyncGenerator<ImportedItem> {
  const encoder = dataset.vectors?.encoder ?? '';
  for await (const { vector, encoder: own, ...item } of dataset.items()) {
    yield { ...item, vector: vector && { values: vector, encoder: own ?? encoder } };
  }
}

async function* interactionsOf(dataset: Dataset): AsyncGenerator<ImportedInteraction> {
  for await (const { userExternalId, itemExternalIds, times, events } of dataset.sequences()) {
    const twins = new Map<string, number>();
    for (const [i, itemExternalId] of itemExternalIds.entries()) {
      const { kind, eventId } = events?.[i] ?? {
        kind: 'PURCHASE',
        eventId: eventIdOf(userExternalId, itemExternalId, times[i]),
      };
      const event = { userExternalId, itemExternalId, kind, occurredAt: new Date(times[i]) };
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

/** Events of a dataset have no ids, so user, item and time identify one. */
function eventIdOf(...parts: readonly (string | number)[]): string {
  const text = ['import', ...parts.map((part) => encodeURIComponent(part))].join('/');
  return text.length > MAX_EVENT_ID_LENGTH ? `import/${sha256Hex(text)}` : text;
}
