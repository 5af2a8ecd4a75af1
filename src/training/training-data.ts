/**
 * Reads and checks the data of a training job: the items and histories that existed when it was started, as flat arrays. A thread of its
 * own does so: millions of interactions would hold the event loop up for seconds.
 */
import { join } from 'node:path';

import { maxItemsOf, storedConfig, type TigerConfig } from '../../models/config';
import { checkHistories } from '../../models/data/check-histories';
import { type KindRules, kindOf } from '../../models/data/kinds';
import { LogBuilder } from '../../models/data/log-builder';
import { GrowingArray, placeOf } from '../../models/math/arrays';
import { packTexts, textAt, TextPacker } from '../../models/math/packed-texts';
import { Rows } from '../../models/math/rows';
import { itemCategories, itemText } from '../../models/text/item-text';
import { SENTENCE_DIMS } from '../../models/text/sentence-encoder';
import { bareProgress, type FitProgress, splitOf } from '../../models/training/fit-input';
import { checkMemory } from '../../models/training/memory';
import type { PrismaClient, TrainingJob } from '../../prisma/generated/sqlite/client';
import type { Config, DatabaseSettings } from '../config';
import { PACKAGE_ROOT } from '../paths';
import { readCodeTable } from '../semantic-ids/code-table';
import { missingVectorsFault } from '../semantic-ids/items-to-encode';
import { pagesOf, readByKeys } from '../storage/bulk-reads';
import type { Database } from '../storage/database';
import { forEachYielding } from '../storage/event-loop';
import { storedVectorDims, vectorPages } from '../storage/item-rows';
import { historyPages } from '../storage/sql-reads';
import type { Transaction } from '../storage/transaction';
import { roomHere } from '../workers/machine-share';
import type { CodeTable, TrainLog, TrainRequest } from '../workers/messages';
import { unpackLog } from '../workers/packed-data';
import { openWorker } from '../workers/spawn-worker';
import { statesFolder } from './job-folders';

const ITEMS_PER_QUERY = 1_000;
/** So many rows are some hundred kilobytes of text. */
const INTERACTIONS_PER_QUERY = 10_000;

/** The fields of a job that say which data it trains on. */
export type DataScope = Pick<TrainingJob, 'id' | 'config' | 'tokenizerId' | 'lastItemId' | 'lastInteractionId'>;

/** The messages of the thread that reads. */
export interface DataProtocol {
  read: {
    request: {
      readonly type: 'read';
      readonly databaseUrl: string;
      readonly database: DatabaseSettings;
      readonly job: DataScope;
      readonly jobDir: string;
    };
    reply: TrainRequest;
    event: DataProgress;
  };
}

/** Rows that have been read, of about so many. */
interface DataProgress {
  readonly done: number;
  readonly total: number;
}

const WORKER = join(PACKAGE_ROOT, 'dist', 'src', 'training', 'data-worker.js');

/**
 * Reads and checks what a job trains on, in a thread. Nothing of the data is copied or even looked at by the caller's thread.
 *
 * @throws {DatabaseError} When the database does not answer.
 * @throws {ItemsError | HistoryError | MissingVectorsError} When nothing can be learned from it.
 * @throws {MemoryError} When this machine has too little memory for the training.
 */
export async function readInThread(
  { databaseUrl, database }: Pick<Config, 'databaseUrl' | 'database'>,
  { id, config, tokenizerId, lastItemId, lastInteractionId }: DataScope,
  jobDir: string,
  signal: AbortSignal,
  onProgress: (progress: FitProgress) => void = () => undefined,
): Promise<TrainRequest> {
  const onEvent = ({ done, total }: DataProgress) => onProgress(bareProgress('FEATURES', done, total));
  const worker = openWorker<DataProtocol>(WORKER);
  const job = { id, config, tokenizerId, lastItemId, lastInteractionId };
  try {
    return await worker.call({ type: 'read', databaseUrl, database, job, jobDir }, [], { signal, onEvent });
  } finally {
    await worker.dispose();
  }
}

interface Reading {
  /** Ends the reading; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DataProgress) => void;
  /** Of this machine, for tests. */
  readonly memoryBytes?: number;
}

/**
 * Leaves out rows with greater ids than the job's last ones: they came later. So a job that goes on after a restart gets the same
 * data again. A shop may have a million items and many times as many interactions: all is read in pages, into flat arrays.
 *
 * @param jobDir - Where the job keeps its state.
 * @throws {MemoryError} At once, when this machine has too little memory for the training.
 */
export async function buildTrainRequest(
  database: Pick<Database, 'read' | 'provider'>,
  job: DataScope,
  jobDir: string,
  { signal, onProgress, memoryBytes = roomHere().memoryBytes }: Reading = {},
): Promise<TrainRequest> {
  const client = database.read;
  const { lastItemId, lastInteractionId } = job;
  const total = 2 * lastItemId + lastInteractionId;
  const tell = (done: number) => {
    signal?.throwIfAborted();
    onProgress?.({ done, total });
  };
  const { tokenizerId } = job;
  const config = storedConfig(job.config);
  const tokenizer = tokenizerId === null ? null : await client.tokenizer.findUnique({ where: { id: tokenizerId } });
  const dims = tokenizer?.dims ?? (await storedVectorDims(client)) ?? SENTENCE_DIMS;
  checkMemory({ ...(await countRows(client, job)), dims }, config, memoryBytes);
  const { itemIds, texts, categories } = await readItems(client, lastItemId, tell);
  return {
    type: 'train',
    jobId: job.id,
    config,
    jobDir,
    statesDir: statesFolder(jobDir),
    itemIds,
    texts,
    vectors: await vectorRows(client, itemIds, dims, (id) => tell(lastItemId + id)),
    dims,
    categories,
    log: await histories(database, job, itemIds, config.kinds, (read) => tell(2 * lastItemId + read)),
    tokenizerFrom: tokenizer?.checkpointDir ?? null,
    presentCodes: tokenizer ? await presentCodes(client, tokenizer.id, lastItemId) : null,
    experiment: null,
  };
}

async function countRows({ item, user, interaction }: Transaction, { lastItemId, lastInteractionId }: DataScope) {
  return {
    items: await item.count({ where: { id: { lte: lastItemId } } }),
    users: await user.count(),
    interactions: await interaction.count({ where: { id: { lte: lastInteractionId } } }),
  };
}

type Items = Pick<TrainRequest, 'itemIds' | 'texts' | 'categories'>;

async function readItems(client: Transaction, lastItemId: number, tell: (lastId: number) => void): Promise<Items> {
  const read = (after: number, take: number) =>
    client.item.findMany({
      where: { id: { gt: after, lte: lastItemId } },
      select: { id: true, title: true, brand: true, categories: true, description: true },
      orderBy: { id: 'asc' },
      take,
    });
  const itemIds = new GrowingArray(Int32Array);
  const texts = new TextPacker();
  const paths = new CategoryPaths();
  for await (const rows of pagesOf(0, read, ({ id }) => id, ITEMS_PER_QUERY)) {
    for (const { id, ...item } of rows) {
      const categories = item.categories as string[];
      itemIds.push(id);
      texts.add(itemText({ ...item, categories }));
      paths.add(categories);
    }
    tell(rows[rows.length - 1].id);
  }
  return { itemIds: itemIds.values(), texts: texts.packed(), categories: paths.levels() };
}

/** The categories of items that come one by one. Many items have the same. */
class CategoryPaths {
  private readonly numbers = new Map<string, number>();
  private readonly different: (readonly string[])[] = [];
  private readonly ofItems = new GrowingArray(Int32Array);

  add(path: readonly string[]): void {
    const key = JSON.stringify(path);
    const known = this.numbers.get(key);
    this.ofItems.push(known ?? this.different.length);
    if (known !== undefined) return;
    this.numbers.set(key, this.different.length);
    this.different.push(path);
  }

  /** @returns The same as `itemCategories` of all paths. */
  levels(): Int32Array[] {
    const ofItems = this.ofItems.values();
    return itemCategories(this.different).map((level) => ofItems.map((path) => level[path]));
  }
}

/** Some items have no vector, and none can be made that is comparable with the others'. */
export class MissingVectorsError extends Error {
  override readonly name = 'MissingVectorsError';
}

/**
 * @returns float32 `[N, dims]`; rows of items without a vector of that width are NaN.
 * @throws {MissingVectorsError} When there are such rows beside vectors of another encoder than the built-in one.
 */
async function vectorRows(
  client: Transaction,
  itemIds: Int32Array,
  dims: number,
  tell: (lastId: number) => void,
): Promise<Float32Array> {
  const vectors = new Rows(new Float32Array(itemIds.length * dims).fill(NaN), dims);
  const encoders = new Set<string>();
  let withVector = 0;
  for await (const stored of vectorPages(client, itemIds.at(-1) ?? 0)) {
    for (const { itemId, encoder, vector } of stored) {
      const row = placeOf(itemIds, itemId);
      if (vector.length !== dims || itemIds[row] !== itemId) continue;
      vectors.set(row, vector);
      encoders.add(encoder);
      withVector++;
    }
    tell(stored[stored.length - 1].itemId);
  }
  if (withVector === itemIds.length) return vectors.values;
  let missing = 0;
  while (!Number.isNaN(vectors.row(missing)[0])) missing++;
  const firstMissing = await externalIdOf(client, itemIds[missing]);
  const counts = { items: itemIds.length, missing: itemIds.length - withVector };
  const fault = missingVectorsFault({ ...counts, firstMissing, dims, encoders });
  if (fault !== null) throw new MissingVectorsError(fault);
  return vectors.values;
}

async function externalIdOf({ item }: Transaction, id: number): Promise<string | null> {
  const found = await item.findUnique({ where: { id }, select: { externalId: true } });
  return found && found.externalId;
}

async function histories(
  database: Pick<Database, 'read' | 'provider'>,
  scope: DataScope,
  itemIds: Int32Array,
  rules: KindRules,
  tell: (read: number) => void,
): Promise<TrainLog> {
  const builder = new LogBuilder<number>(rules);
  let read = 0;
  for await (const rows of historyPages(database, scope, INTERACTIONS_PER_QUERY)) {
    for (const { userId, itemId, time, kind } of rows) {
      const item = placeOf(itemIds, itemId);
      // An item that was deleted by hand may have left interactions.
      if (itemIds[item] === itemId) builder.add(userId, { item, time, kind: kindOf(kind) });
    }
    tell((read += rows.length));
  }
  return { ...builder.build(), userKeys: packTexts(await externalIds(database.read, builder.users)) };
}

async function externalIds({ user }: Transaction, userIds: readonly number[]): Promise<string[]> {
  const select = { id: true, externalId: true };
  const rows = await readByKeys(userIds, (some) => user.findMany({ where: { id: { in: some } }, select }));
  const externalIdOf = new Map(rows.map(({ id, externalId }) => [id, externalId]));
  // A user may have been erased since the history was read.
  return userIds.map((userId) => externalIdOf.get(userId) ?? '');
}

async function presentCodes(client: PrismaClient, tokenizerId: number, lastItemId: number): Promise<CodeTable> {
  const { idLength, itemIds, codes } = await readCodeTable(client, tokenizerId);
  const kept: number[] = [];
  await forEachYielding(itemIds, (itemId, row) => {
    if (itemId <= lastItemId) kept.push(row);
  });
  const picked = new Rows(codes, idLength).pick(kept);
  return { idLength, itemIds: Int32Array.from(kept, (row) => itemIds[row]), codes: picked.values };
}

/** The items cannot be learned: there is one alone, there are more than semantic IDs, or all are alike. */
class ItemsError extends Error {
  override readonly name = 'ItemsError';
}

type Checked = Pick<TrainRequest, 'config' | 'log' | 'texts' | 'vectors' | 'dims' | 'experiment'>;

/**
 * @throws {HistoryError} When no user has more than what is held out.
 * @throws {ItemsError} When there is one item alone or are more than semantic IDs, or when no item has a vector, all texts are equal, and
 *   the preset does not read what is bought together.
 */
export function checkTrainRequest({ config, log: packed, texts, vectors, dims, experiment }: Checked): void {
  const rows = new Rows(vectors, dims);
  if (rows.count === 1) throw new ItemsError('items: expected several to choose among, got one; add items, then train');
  checkRoom(rows.count, config);
  const log = unpackLog(packed);
  const split = splitOf({ log, config, experiment });
  checkHistories(log, { split, fromEach: experiment === null ? 0 : 2 }, config.seq2seq);
  if (config.tokenizer.collaborativeSize > 0) return;
  for (let row = 0; row < rows.count; row++) {
    if (!Number.isNaN(rows.row(row)[0]) || textAt(texts, row) !== textAt(texts, 0)) return;
  }
  throw new ItemsError(
    `items: expected texts that differ, got ${rows.count} equal ones; items need titles, brands or categories that tell them apart, ` +
      'or vectors of your own, or a preset that also reads what is bought together (demo or base)',
  );
}

function checkRoom(numItems: number, { tokenizer }: TigerConfig): void {
  const { numLevels, codebookSize } = tokenizer;
  const numIds = maxItemsOf(tokenizer);
  if (numItems <= numIds) return;
  throw new ItemsError(
    `items: expected at most ${numIds}, as many as ${numLevels} levels of ${codebookSize} codes have semantic IDs, got ${numItems}; ` +
      'train with a larger preset (demo or base) and new codebooks',
  );
}
