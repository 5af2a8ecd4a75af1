/** Reads what a training job trains on: the items and histories that existed when it was started, as flat arrays. */
import type { TigerConfig } from '../../models/config';
import type { InteractionLog } from '../../models/data/interactions';
import { Rows } from '../../models/math/rows';
import { itemCategories } from '../../models/text/item-categories';
import { SENTENCE_DIMS } from '../../models/text/sentence-encoder';
import type { PrismaClient, TrainingJob } from '../../prisma/generated/sqlite/client';
import type { CatalogueServices } from '../catalogue/catalogue-services';
import { readCodeTable } from '../semantic-ids/code-table';
import { forEachYielding } from '../storage/event-loop';
import { readVectors, storedVectorDims } from '../storage/item-vectors';
import { pagesOf } from '../storage/paging';
import type { Transaction } from '../storage/transaction';
import type { CodeTable, TrainRequest } from '../workers/messages';
import { statesFolder } from './job-folders';

/** Each query takes a few milliseconds; requests are answered in between. Users come with all their interactions. */
const ITEMS_PER_QUERY = 250;
const USERS_PER_QUERY = 20;

/**
 * Leaves out rows with greater ids than the job's last ones: they came later. So a job that goes on after a restart gets the same
 * data again.
 *
 * @param jobDir - Where the job keeps its state.
 */
export async function buildTrainRequest(
  { database, itemText }: Pick<CatalogueServices, 'database' | 'itemText'>,
  job: TrainingJob,
  jobDir: string,
): Promise<TrainRequest> {
  const client = database.read;
  const { itemIds, texts, categoryPaths } = await readItems(client, itemText, job.lastItemId);
  const { tokenizerId } = job;
  const tokenizer = tokenizerId === null ? null : await client.tokenizer.findUnique({ where: { id: tokenizerId } });
  const dims = tokenizer?.dims ?? (await storedVectorDims(client)) ?? SENTENCE_DIMS;
  return {
    type: 'train',
    jobId: job.id,
    config: job.config as unknown as TigerConfig,
    jobDir,
    statesDir: statesFolder(jobDir),
    itemIds,
    texts,
    vectors: await vectorRows(client, itemIds, dims),
    dims,
    categories: itemCategories(categoryPaths),
    log: await histories(client, job, itemIds),
    tokenizerFrom: tokenizer?.checkpointDir ?? null,
    presentCodes: tokenizer ? await presentCodes(client, tokenizer.id, job.lastItemId) : null,
    experiment: null,
  };
}

async function readItems(
  client: Transaction,
  itemText: CatalogueServices['itemText'],
  lastItemId: number,
): Promise<Pick<TrainRequest, 'itemIds' | 'texts'> & { categoryPaths: string[][] }> {
  const read = (after: number, take: number) =>
    client.item.findMany({
      where: { id: { gt: after, lte: lastItemId } },
      select: { id: true, title: true, brand: true, categories: true },
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

/** float32 `[N, dims]`; rows of items without a vector of that width are NaN. */
async function vectorRows(client: Transaction, itemIds: Int32Array, dims: number): Promise<Float32Array> {
  const vectors = new Rows(new Float32Array(itemIds.length * dims), dims);
  for (let start = 0; start < itemIds.length; start += ITEMS_PER_QUERY) {
    const chunk = itemIds.subarray(start, start + ITEMS_PER_QUERY);
    const stored = await readVectors(client, Array.from(chunk));
    chunk.forEach((itemId, i) => {
      const vector = stored.get(itemId)?.vector;
      if (vector?.length === dims) vectors.set(start + i, vector);
      else vectors.row(start + i).fill(NaN);
    });
  }
  return vectors.values;
}

async function histories(client: Transaction, job: TrainingJob, itemIds: Int32Array): Promise<InteractionLog> {
  const rowOf = new Map(Array.from(itemIds, (itemId, row) => [itemId, row]));
  const userKeys: string[] = [];
  const offsets: number[] = [0];
  const itemRows: number[] = [];
  const times: number[] = [];
  const read = (after: number, take: number) =>
    client.user.findMany({
      where: { id: { gt: after } },
      orderBy: { id: 'asc' },
      take,
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
  for await (const users of pagesOf(0, read, ({ id }) => id, USERS_PER_QUERY)) {
    for (const { externalId, interactions } of users.filter((user) => user.interactions.length > 0)) {
      userKeys.push(externalId);
      for (const { itemId, occurredAt } of interactions) {
        itemRows.push(rowOf.get(itemId)!);
        times.push(occurredAt.getTime());
      }
      offsets.push(itemRows.length);
    }
  }
  return {
    userKeys,
    offsets: Int32Array.from(offsets),
    items: Int32Array.from(itemRows),
    times: Float64Array.from(times),
  };
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
