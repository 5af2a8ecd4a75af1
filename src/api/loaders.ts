/** Look-ups in batches: what resolvers ask for at the same time becomes one query. */
import DataLoader from 'dataloader';
import { z } from 'zod';

import { EARLIEST, LATEST } from '../../graphql/common/bounds';
import type { Page, PageArgs } from '../../graphql/common/records';
import type { Loaders } from '../../graphql/context';
import type { InteractionRecord } from '../../graphql/interaction/records';
import type { ItemRecord } from '../../graphql/item/records';
import type { ModelVersionRecord } from '../../graphql/model-version/records';
import type { RecommendationArgs, RecommendationList } from '../../graphql/recommendation/records';
import type { PrefixRecord, SemanticIdRecord } from '../../graphql/semantic-id/records';
import type { TrainingJobRecord } from '../../graphql/training/records';
import type { UserRecord } from '../../graphql/user/records';
import type { Interaction, PrismaClient } from '../../prisma/generated/sqlite/client';
import type { PrefixReads } from '../semantic-ids/prefix-reads';
import { decodeCursor, pageOf } from '../storage/pages';
import { interactionRecord, modelVersionRecord, trainingJobRecord, WITH_MODEL_VERSION } from '../storage/records';
import type { RequestReads } from '../storage/request-reads';

export interface LoaderSources {
  readonly client: PrismaClient;
  readonly requestReads: RequestReads;
  readonly prefixes: PrefixReads;
  /** @returns One answer for each request, in the same order; an error in the slot of each user whose list failed. */
  readonly recommendForUsers: (
    requests: readonly { readonly userId: number; readonly args: RecommendationArgs }[],
    signal?: AbortSignal,
  ) => Promise<(RecommendationList | Error)[]>;
}

interface HistoryKey {
  readonly userId: number;
  readonly page: PageArgs;
}

interface RecommendationKey {
  readonly userId: number;
  readonly args: RecommendationArgs;
}

/** The time in milliseconds and the row id of the last interaction that was shown. */
const HISTORY_CURSOR = z.tuple([z.int().min(EARLIEST.getTime()).max(LATEST.getTime()), z.int32()]);
const NEWEST_FIRST = [{ occurredAt: 'desc' as const }, { id: 'desc' as const }];

/**
 * Each loader is made when it is first used: most operations use two of the nine, and a subscription keeps its loaders.
 *
 * @param signal - When aborted, the loaders read nothing more: each call rejects with the signal's reason.
 * @returns The loaders of one operation. They share nothing with those of other operations.
 */
export function createLoaders(
  { client, requestReads, prefixes, recommendForUsers }: LoaderSources,
  signal?: AbortSignal,
): Loaders {
  const byId = (id: number) => id;
  const asJson = (key: unknown) => JSON.stringify(key);
  const made: { clearAll(): unknown }[] = [];
  function loader<K, V, C>(key: (key: K) => C, batch: DataLoader.BatchLoadFn<K, V>): () => DataLoader<K, V, C> {
    let own: DataLoader<K, V, C> | null = null;
    return () => {
      if (own !== null) return own;
      const asked: typeof batch = async (keys) => {
        signal?.throwIfAborted();
        return batch(keys);
      };
      own = new DataLoader<K, V, C>(asked, { cacheKeyFn: key });
      made.push(own);
      return own;
    };
  }
  const item = loader(byId, async (ids) => inOrder<ItemRecord>(ids, await requestReads.items(ids)));
  const user = loader(byId, async (ids) => inOrder<UserRecord>(ids, await requestReads.users(ids)));
  const semanticId = loader<number, SemanticIdRecord | null, number>(byId, (ids) => prefixes.semanticIds(ids));
  const prefix = loader<readonly number[], PrefixRecord | null, string>(asJson, (keys) => prefixes.prefixes(keys));
  const interactionCount = loader(byId, (ids) => countInteractions(client, ids));
  const modelVersion = loader(byId, (ids) => loadModelVersions(client, ids));
  const trainingJob = loader(byId, (ids) => loadTrainingJobs(client, ids));
  const history = loader<HistoryKey, Page<InteractionRecord>, string>(asJson, (keys) => loadHistories(client, keys));
  const recommendations = loader<RecommendationKey, RecommendationList, string>(asJson, (keys) =>
    recommendForUsers(keys, signal),
  );
  return {
    item: (id) => item().load(id),
    user: (id) => user().load(id),
    semanticId: (itemId) => semanticId().load(itemId),
    prefix: (codes) => prefix().load(codes),
    interactionCount: (userId) => interactionCount().load(userId),
    modelVersion: (id) => modelVersion().load(id),
    trainingJob: (id) => trainingJob().load(id),
    history: (userId, page) => history().load({ userId, page }),
    recommendations: (userId, args) => recommendations().load({ userId, args }),
    clearAll: () => made.forEach((each) => each.clearAll()),
  };
}

async function countInteractions(client: PrismaClient, userIds: readonly number[]): Promise<number[]> {
  const rows = await client.interaction.groupBy({
    by: ['userId'],
    where: { userId: { in: [...userIds] } },
    _count: { _all: true },
  });
  const counts = new Map(rows.map(({ userId, _count }) => [userId, _count._all]));
  return userIds.map((id) => counts.get(id) ?? 0);
}

async function loadModelVersions(client: PrismaClient, ids: readonly number[]): Promise<(ModelVersionRecord | null)[]> {
  const rows = await client.modelVersion.findMany({ where: { id: { in: [...ids] } } });
  return inOrder(ids, rows.map(modelVersionRecord));
}

async function loadTrainingJobs(client: PrismaClient, ids: readonly number[]): Promise<(TrainingJobRecord | null)[]> {
  const rows = await client.trainingJob.findMany({ where: { id: { in: [...ids] } }, include: WITH_MODEL_VERSION });
  return inOrder(ids, rows.map(trainingJobRecord));
}

/** First pages of the same length are read by one query, every later page by its own. */
async function loadHistories(
  client: PrismaClient,
  keys: readonly HistoryKey[],
): Promise<(Page<InteractionRecord> | Error)[]> {
  const firstPages = new Map<number, Promise<Map<number, Interaction[]>>>();
  const newest = (first: number) => {
    const userIds = keys.filter(({ page }) => page.after === null && page.first === first).map(({ userId }) => userId);
    const rows = firstPages.get(first) ?? newestInteractions(client, userIds, first + 1);
    firstPages.set(first, rows);
    return rows;
  };
  const pages = keys.map(async ({ userId, page: { first, after } }) => {
    const rows =
      after === null
        ? ((await newest(first)).get(userId) ?? [])
        : await olderInteractions(client, userId, first + 1, after);
    return pageOf(rows, first, (row) => [row.occurredAt.getTime(), row.id], interactionRecord);
  });
  const settled = await Promise.allSettled(pages);
  return settled.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as Error)));
}

async function newestInteractions(
  client: PrismaClient,
  userIds: readonly number[],
  take: number,
): Promise<Map<number, Interaction[]>> {
  const rows = await client.user.findMany({
    where: { id: { in: [...userIds] } },
    select: { id: true, interactions: { orderBy: NEWEST_FIRST, take } },
  });
  return new Map(rows.map((row) => [row.id, row.interactions]));
}

async function olderInteractions(
  client: PrismaClient,
  userId: number,
  take: number,
  after: string,
): Promise<Interaction[]> {
  const [time, id] = decodeCursor(after, HISTORY_CURSOR);
  const occurredAt = new Date(time);
  return client.interaction.findMany({
    where: { userId, OR: [{ occurredAt: { lt: occurredAt } }, { occurredAt, id: { lt: id } }] },
    orderBy: NEWEST_FIRST,
    take,
  });
}

/** @returns One record for each id, in the same order; null where there is no row. */
function inOrder<T extends { id: number }>(ids: readonly number[], records: readonly T[]): (T | null)[] {
  const byId = new Map(records.map((record) => [record.id, record]));
  return ids.map((id) => byId.get(id) ?? null);
}
