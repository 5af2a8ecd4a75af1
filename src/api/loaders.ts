/** Look-ups in batches: what resolvers ask for at the same time becomes one query. */
import DataLoader from 'dataloader';
import { z } from 'zod';

import { EARLIEST, LATEST } from '../../graphql/common/bounds';
import type { Page, PageArgs } from '../../graphql/common/records';
import type { Loaders } from '../../graphql/context';
import type { InteractionRecord } from '../../graphql/interaction/records';
import type { ItemRecord } from '../../graphql/item/records';
import type { ModelVersionRecord } from '../../graphql/model-version/records';
import type { PlacementStateRecord } from '../../graphql/placement/records';
import type { PrefixRecord, SemanticIdRecord } from '../../graphql/semantic-id/records';
import type { TrainingJobRecord } from '../../graphql/training/records';
import type { UserRecord } from '../../graphql/user/records';
import { chunksOf } from '../../models/math/arrays';
import type { Interaction, PrismaClient } from '../../prisma/generated/sqlite/client';
import { valuesOrErrors } from '../errors';
import { stateRecord } from '../placements/definition';
import type { PrefixReads } from '../semantic-ids/prefix-reads';
import { cursorsOf, decodeCursor, pageOf } from '../storage/cursor-pages';
import { interactionRecord, modelVersionRecord, trainingJobRecord, WITH_MODEL_VERSION } from '../storage/records';
import type { RequestReads } from '../storage/request-reads';
import { untilAborted } from '../waiting/promises';

interface LoaderSources {
  readonly client: PrismaClient;
  readonly requestReads: RequestReads;
  readonly prefixes: PrefixReads;
}

/** The time in milliseconds and the row id of the last interaction that was shown. */
const HISTORY_CURSORS = cursorsOf(
  'history',
  z.tuple([z.int().min(EARLIEST.getTime()).max(LATEST.getTime()), z.int32()]),
  ({ occurredAt, id }: Interaction): [number, number] => [occurredAt.getTime(), id],
);
const NEWEST_FIRST = [{ occurredAt: 'desc' as const }, { id: 'desc' as const }];

/** Reads that begin together. */
const READS_AT_ONCE = 8;

interface OwnRead {
  readonly key: readonly unknown[];
  readonly read: () => Promise<unknown>;
}

/**
 * @param signal - When it is aborted, the loaders read nothing more: each call rejects with its reason.
 * @returns The loaders of one operation. They share nothing with those of other operations.
 */
export function createLoaders({ client, requestReads, prefixes }: LoaderSources, signal?: AbortSignal): Loaders {
  const made: { clearAll(): unknown }[] = [];
  const loading = <K, V>(read: Read<K, V>, cacheKeyFn: (key: K) => unknown = asJson) => {
    const readBatch = async (keys: readonly K[]) => {
      signal?.throwIfAborted();
      const reading = Promise.resolve(read(keys));
      return signal ? untilAborted(signal, reading) : reading;
    };
    // Made when it is first used: most operations use two of the ten, and a subscription keeps its loaders.
    let loader: DataLoader<K, V, unknown> | null = null;
    return (key: K): Promise<V> => {
      if (loader === null) made.push((loader = new DataLoader<K, V, unknown>(readBatch, { cacheKeyFn })));
      return loader.load(key);
    };
  };
  const byId = <V>(read: Read<number, V>) => loading(read, (id) => id);
  const ownReads = loading(
    (reads: readonly OwnRead[]) => readInTurn(reads, signal),
    ({ key }) => asJson(key),
  );
  const inTurn = <T>(key: readonly unknown[], read: () => Promise<T>) => ownReads({ key, read }) as Promise<T>;
  return {
    item: byId<ItemRecord | null>(async (ids) => inOrder(ids, await requestReads.items(ids))),
    user: byId<UserRecord | null>(async (ids) => inOrder(ids, await requestReads.users(ids))),
    semanticId: byId<SemanticIdRecord | null>((ids) => prefixes.semanticIds(ids)),
    prefix: loading<readonly number[], PrefixRecord | null>((keys) => prefixes.prefixes(keys)),
    interactionCount: byId((ids) => countInteractions(client, ids)),
    modelVersion: byId((ids) => loadModelVersions(client, ids)),
    trainingJob: byId((ids) => loadTrainingJobs(client, ids)),
    placementState: loading((names: readonly string[]) => loadPlacements(requestReads, names)),
    history: (userId, page) => inTurn(['history', userId, page], () => readHistory(client, userId, page)),
    inTurn,
    clearAll: () => made.forEach((loader) => void loader.clearAll()),
  };
}

/** Reads a batch, in the order of the keys. */
type Read<K, V> = (keys: readonly K[]) => PromiseLike<ArrayLike<V | Error>>;

function asJson(key: unknown): string {
  return JSON.stringify(key);
}

async function readInTurn(reads: readonly OwnRead[], signal?: AbortSignal): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const some of chunksOf(reads, READS_AT_ONCE)) {
    signal?.throwIfAborted();
    results.push(...valuesOrErrors(await Promise.allSettled(some.map(({ read }) => read()))));
  }
  return results;
}

async function loadPlacements(
  requestReads: RequestReads,
  names: readonly string[],
): Promise<(PlacementStateRecord | null)[]> {
  const stored = await requestReads.placements(names);
  return names.map((name) => (stored.has(name) ? stateRecord(stored.get(name)!) : null));
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

/** @returns A page of a user's interactions, newest first. */
async function readHistory(
  client: PrismaClient,
  userId: number,
  { first, after }: PageArgs,
): Promise<Page<InteractionRecord>> {
  const where = { userId, ...(after !== null && olderThan(decodeCursor(after, HISTORY_CURSORS))) };
  const rows = await client.interaction.findMany({ where, orderBy: NEWEST_FIRST, take: first + 1 });
  return pageOf(rows, first, HISTORY_CURSORS, interactionRecord);
}

function olderThan([time, id]: readonly [number, number]) {
  const occurredAt = new Date(time);
  // The second condition implies the first, but only the first has an index.
  return { occurredAt: { lte: occurredAt }, OR: [{ occurredAt: { lt: occurredAt } }, { occurredAt, id: { lt: id } }] };
}

/** @returns One record for each id, in the same order; null where there is no row. */
function inOrder<T extends { id: number }>(ids: readonly number[], records: readonly T[]): (T | null)[] {
  const byId = new Map(records.map((record) => [record.id, record]));
  return ids.map((id) => byId.get(id) ?? null);
}
