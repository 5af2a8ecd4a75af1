/**
 * Reads and checks the data of a training job: the items and histories that existed when it was started, as flat arrays. A thread of its
 * own does so: millions of interactions would hold the event loop up for seconds.
 */
import { join } from 'node:path';

import { maxItemsOf, storedConfig, type TigerConfig } from '../../models/config';
import { checkHistories } from '../../models/data/check-histories';
import { type KindRules, kindOf } from '../../models/data/kinds';
import { LogBuilder } from '../../models/data/log-builder';
import { chunksOf } from '../../models/math/arrays';
import { Rows } from '../../models/math/rows';
import { itemCategories, itemText } from '../../models/text/item-text';
import { SENTENCE_DIMS } from '../../models/text/sentence-encoder';
import { splitOf } from '../../models/training/fit-input';
import type { PrismaClient, TrainingJob } from '../../prisma/generated/sqlite/client';
import type { Config, DatabaseSettings } from '../config';
import { PACKAGE_ROOT } from '../paths';
import { readCodeTable } from '../semantic-ids/code-table';
import { missingVectorsFault } from '../semantic-ids/items-to-encode';
import { pagesOf, readByKeys } from '../storage/bulk-reads';
import type { Database } from '../storage/database';
import { forEachYielding } from '../storage/event-loop';
import { readVectors, storedVectorDims } from '../storage/item-rows';
import { historyPages } from '../storage/sql-reads';
import type { Transaction } from '../storage/transaction';
import type { CodeTable, TrainLog, TrainRequest } from '../workers/messages';
import { unpackLog, packTexts, textAt } from '../workers/packed-data';
import { openWorker } from '../workers/spawn-worker';
import { statesFolder } from './job-folders';

const ITEMS_PER_QUERY = 250;
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
  };
}

const WORKER = join(PACKAGE_ROOT, 'dist', 'src', 'training', 'data-worker.js');

/**
 * Reads and checks what a job trains on, in a thread. Nothing of the data is copied or even looked at by the caller's thread.
 *
 * @throws {DatabaseError} When the database does not answer.
 * @throws {ItemsError | HistoryError | MissingVectorsError} When nothing can be learned from it.
 */
export async function readInThread(
  { databaseUrl, database }: Pick<Config, 'databaseUrl' | 'database'>,
  { id, config, tokenizerId, lastItemId, lastInteractionId }: DataScope,
  jobDir: string,
  signal: AbortSignal,
): Promise<TrainRequest> {
  const worker = openWorker<DataProtocol>(WORKER);
  const job = { id, config, tokenizerId, lastItemId, lastInteractionId };
  try {
    return await worker.call({ type: 'read', databaseUrl, database, job, jobDir }, [], { signal });
  } finally {
    await worker.dispose();
  }
}

/**
 * Leaves out rows with greater ids than the job's last ones: they came later. So a job that goes on after a restart gets the same
 * data again.
 *
 * @param jobDir - Where the job keeps its state.
 * @param signal - Ends the reading; it then rejects with the signal's reason.
 */
export async function buildTrainRequest(
  database: Pick<Database, 'read' | 'provider'>,
  job: DataScope,
  jobDir: string,
  signal?: AbortSignal,
): Promise<TrainRequest> {
  const client = database.read;
  const { itemIds, texts, categoryPaths } = await readItems(client, job.lastItemId);
  const { tokenizerId } = job;
  const config = storedConfig(job.config);
  const tokenizer = tokenizerId === null ? null : await client.tokenizer.findUnique({ where: { id: tokenizerId } });
  const dims = tokenizer?.dims ?? (await storedVectorDims(client)) ?? SENTENCE_DIMS;
  return {
    type: 'train',
    jobId: job.id,
    config,
    jobDir,
    statesDir: statesFolder(jobDir),
    itemIds,
    texts: packTexts(texts),
    vectors: await vectorRows(client, itemIds, dims),
    dims,
    categories: itemCategories(categoryPaths),
    log: await histories(database, job, itemIds, config.kinds, signal),
    tokenizerFrom: tokenizer?.checkpointDir ?? null,
    presentCodes: tokenizer ? await presentCodes(client, tokenizer.id, job.lastItemId) : null,
    experiment: null,
  };
}

async function readItems(
  client: Transaction,
  lastItemId: number,
): Promise<{ itemIds: Int32Array; texts: string[]; categoryPaths: string[][] }> {
  const read = (after: number, take: number) =>
    client.item.findMany({
      where: { id: { gt: after, lte: lastItemId } },
      select: { id: true, title: true, brand: true, categories: true, description: true },
      orderBy: { id: 'asc' },
      take,
    });
  const itemIds: number[] = [];
  const texts: string[] = [];
  const categoryPaths: string[][] = [];
  for await (const rows of pagesOf(0, read, ({ id }) => id, ITEMS_PER_QUERY)) {
    for (const { id, ...item } of rows) {
      const categories = item.categories as string[];
      itemIds.push(id);
      texts.push(itemText({ ...item, categories }));
      categoryPaths.push(categories);
    }
  }
  return { itemIds: Int32Array.from(itemIds), texts, categoryPaths };
}

/** Some items have no vector, and none can be made that is comparable with the others'. */
export class MissingVectorsError extends Error {
  override readonly name = 'MissingVectorsError';
}

/**
 * @returns float32 `[N, dims]`; rows of items without a vector of that width are NaN.
 * @throws {MissingVectorsError} When there are such rows beside vectors of another encoder than the built-in one.
 */
async function vectorRows(client: Transaction, itemIds: Int32Array, dims: number): Promise<Float32Array> {
  const vectors = new Rows(new Float32Array(itemIds.length * dims), dims);
  const encoders = new Set<string>();
  const missing: number[] = [];
  for (const rows of chunksOf(Array.from(itemIds.keys()), ITEMS_PER_QUERY)) {
    const stored = await readVectors(
      client,
      rows.map((row) => itemIds[row]),
    );
    for (const row of rows) {
      const found = stored.get(itemIds[row]);
      if (found?.dims === dims) {
        vectors.set(row, found.vector);
        encoders.add(found.encoder);
      } else {
        vectors.row(row).fill(NaN);
        missing.push(itemIds[row]);
      }
    }
  }
  const firstMissing = await externalIdOf(client, missing[0]);
  const fault = missingVectorsFault({ items: itemIds.length, missing: missing.length, firstMissing, dims, encoders });
  if (fault !== null) throw new MissingVectorsError(fault);
  return vectors.values;
}

async function externalIdOf({ item }: Transaction, id: number | undefined): Promise<string | null> {
  if (id === undefined) return null;
  const found = await item.findUnique({ where: { id }, select: { externalId: true } });
  return found && found.externalId;
}

async function histories(
  database: Pick<Database, 'read' | 'provider'>,
  scope: DataScope,
  itemIds: Int32Array,
  rules: KindRules,
  signal?: AbortSignal,
): Promise<TrainLog> {
  const rowOf = new Map(Array.from(itemIds, (itemId, row) => [itemId, row]));
  const builder = new LogBuilder<number>(rules);
  for await (const rows of historyPages(database, scope, INTERACTIONS_PER_QUERY)) {
    signal?.throwIfAborted();
    for (const { userId, itemId, time, kind } of rows) {
      const item = rowOf.get(itemId);
      // An item that was deleted by hand may have left interactions.
      if (item !== undefined) builder.add(userId, { item, time, kind: kindOf(kind) });
    }
  }
  return { ...builder.build(), userKeys: packTexts(await externalIds(database.read, builder.users)) };
}

async function externalIds({ user }: Transaction, userIds: readonly number[]): Promise<string[]> {
  const select = { id: true, externalId: true };
  const rows = await readByKeys(userIds, (some) => user.findMany({ where: { id: { in: some } }, select }));
  const externalIdOf = new Map(rows.map(({ id, externalId }) => [id, externalId]));
  // A user who was deleted by hand may have left a history.
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
