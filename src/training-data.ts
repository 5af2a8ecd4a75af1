/** What a training job trains on: items and histories as they were when it was asked for, as flat arrays. */
import { setImmediate } from 'node:timers/promises';

import type { TigerConfig } from '../models/config';
import type { PrismaClient, TrainingJob } from '../prisma/generated/sqlite/client';
import type { CatalogueServices } from './catalogue-services';
import type { Transaction } from './database';
import { itemCategories } from './item-categories';
import { readVectors, storedVectorDims } from './item-vectors';
import { RecommendationReads } from './recommendation-reads';
import { SENTENCE_DIMS } from './sentence-encoder';
import type { CodeTable, TrainRequest } from './workers/messages';

/** Rows read by one query, and users with all that they did: some milliseconds each, between which requests are answered. */
const ITEMS_A_QUERY = 1_000;
const USERS_A_QUERY = 50;

/**
 * Rows with greater ids than the job's last ones came later and stay out, so that a job that goes on after a restart
 * finds what it began with.
 *
 * @param jobDir - Where the job keeps its state.
 */
export async function buildTrainRequest(
  { database, itemText }: Pick<CatalogueServices, 'database' | 'itemText'>,
  job: TrainingJob,
  jobDir: string,
): Promise<TrainRequest> {
  const client = database.read;
  const items = await itemTexts(client, job.lastItemId);
  const itemIds = Int32Array.from(items, (item) => item.id);
  const { tokenizerId } = job;
  const tokenizer = tokenizerId === null ? null : await client.tokenizer.findUnique({ where: { id: tokenizerId } });
  const dims = tokenizer?.dims ?? (await storedVectorDims(client)) ?? SENTENCE_DIMS;
  return {
    type: 'train',
    jobId: job.id,
    config: job.config as unknown as TigerConfig,
    jobDir,
    itemIds,
    texts: items.map((item) => itemText({ ...item, categories: item.categories as string[] })),
    vectors: await vectorRows(client, itemIds, dims),
    dims,
    categories: itemCategories(items.map((item) => item.categories as string[])),
    ...(await histories(client, job, itemIds)),
    tokenizerFrom: tokenizer?.checkpointDir ?? null,
    presentCodes: tokenizer ? await presentCodes(client, tokenizer.id, job.lastItemId) : null,
    experiment: null,
  };
}

async function itemTexts(client: Transaction, lastItemId: number) {
  const page = (after: number) =>
    client.item.findMany({
      where: { id: { gt: after, lte: lastItemId } },
      select: { id: true, title: true, brand: true, categories: true },
      orderBy: { id: 'asc' },
      take: ITEMS_A_QUERY,
    });
  const items: Awaited<ReturnType<typeof page>> = [];
  for (let after = 0; ;) {
    const rows = await page(after);
    items.push(...rows);
    if (rows.length < ITEMS_A_QUERY) return items;
    after = rows[rows.length - 1].id;
    await setImmediate();
  }
}

/** float32 `[N, dims]`; rows of items without a vector of that width are NaN. */
async function vectorRows(client: Transaction, itemIds: Int32Array, dims: number): Promise<Float32Array> {
  const rows = new Float32Array(itemIds.length * dims).fill(NaN);
  const stored = await readVectors(client, Array.from(itemIds));
  itemIds.forEach((itemId, row) => {
    const vector = stored.get(itemId)?.vector;
    if (vector?.length === dims) rows.set(vector, row * dims);
  });
  return rows;
}

async function histories(
  client: Transaction,
  job: TrainingJob,
  itemIds: Int32Array,
): Promise<Pick<TrainRequest, 'userKeys' | 'offsets' | 'itemRows' | 'times'>> {
  const rowOf = new Map(Array.from(itemIds, (itemId, row) => [itemId, row]));
  const userKeys: string[] = [];
  const offsets: number[] = [0];
  const itemRows: number[] = [];
  const times: number[] = [];
  for (let after = 0; ;) {
    const users = await client.user.findMany({
      where: { id: { gt: after } },
      orderBy: { id: 'asc' },
      take: USERS_A_QUERY,
      select: {
        id: true,
        externalId: true,
        interactions: {
          where: { id: { lte: job.lastInteractionId }, itemId: { lte: job.lastItemId } },
          orderBy: [{ occurredAt: 'asc' }, { id: 'asc' }],
          select: { itemId: true, occurredAt: true },
        },
      },
    });
    for (const { externalId, interactions } of users.filter((user) => user.interactions.length > 0)) {
      userKeys.push(externalId);
      for (const { itemId, occurredAt } of interactions) {
        itemRows.push(rowOf.get(itemId)!);
        times.push(occurredAt.getTime());
      }
      offsets.push(itemRows.length);
    }
    if (users.length < USERS_A_QUERY) break;
    await setImmediate();
    after = users[users.length - 1].id;
  }
  return {
    userKeys,
    offsets: Int32Array.from(offsets),
    itemRows: Int32Array.from(itemRows),
    times: Float64Array.from(times),
  };
}

async function presentCodes(client: PrismaClient, tokenizerId: number, lastItemId: number): Promise<CodeTable> {
  const { depth, itemIds, codes } = await new RecommendationReads(client).codeTable(tokenizerId);
  const rows = [...itemIds.keys()].filter((row) => itemIds[row] <= lastItemId);
  return {
    depth,
    itemIds: Int32Array.from(rows, (row) => itemIds[row]),
    codes: Int32Array.from(rows.flatMap((row) => [...codes.subarray(row * depth, (row + 1) * depth)])),
  };
}
