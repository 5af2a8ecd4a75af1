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
import { placementState } from '../placements/definition';
import type { PrefixReads } from '../semantic-ids/prefix-reads';
import { readByKeys } from '../storage/bulk-reads';
import { cursorsOf, decodeCursor, pageOf } from '../storage/cursor-pages';
import { interactionRecord, modelVersionRecord, trainingJobRecord, WITH_MODEL_VERSION } from '../storage/records';
import type { RequestReads } from '../storage/request-reads';
import { untilAborted } from '../waiting/promises';

interface LoaderSources {
  readonly client: PrismaClient;
  readonly requestReads: RequestReads;
  readonly prefixes: PrefixReads;
}

interface HistoryKey {
  readonly userId: number;
  readonly page: PageArgs;
}

/** The time in milliseconds and the row id of the last interaction that was shown. */
const HISTORY_CURSORS = cursorsOf(
  'history',
  z.tuple([z.int().min(EARLIEST.getTime()).max(LATEST.getTime()), z.int32()]),
  ({ occurredAt, id }: Interaction): [number, number] => [occurredAt.getTime(), id],
);
const NEWEST_FIRST = [{ occurredAt: 'desc' as const }, { id: 'desc' as const }];

/**
 * @param signal - When it is aborted, the loaders read nothing more: each call rejects with its reason.
 * @returns The loaders of one operation. They share nothing with those of other operations.
 */
export function createLoaders(sources: LoaderSources, signal?: AbortSignal): Loaders {
  return new OperationLoaders(sources, signal);
}

/** The parts of a loader of one kind, for any operation. */
interface LoaderKind<K, V, C> {
  readonly keyOf: (key: K) => C;
  read(keys: readonly K[], sources: LoaderSources, signal?: AbortSignal): PromiseLike<ArrayLike<V | Error>>;
}

const byId = (id: number) => id;
const asJson = (key: unknown) => JSON.stringify(key);

const ITEM = kind<number, ItemRecord | null, number>(byId, async (ids, { requestReads }) =>
  inOrder<ItemRecord>(ids, await requestReads.items(ids)),
);
const USER = kind<number, UserRecord | null, number>(byId, async (ids, { requestReads }) =>
  inOrder<UserRecord>(ids, await requestReads.users(ids)),
);
const SEMANTIC_ID = kind<number, SemanticIdRecord | null, number>(byId, (ids, { prefixes }) =>
  prefixes.semanticIds(ids),
);
const PREFIX = kind<readonly number[], PrefixRecord | null, string>(asJson, (keys, { prefixes }) =>
  prefixes.prefixes(keys),
);
const INTERACTION_COUNT = kind<number, number, number>(byId, (ids, { client }) => countInteractions(client, ids));
const MODEL_VERSION = kind<number, ModelVersionRecord | null, number>(byId, (ids, { client }) =>
  loadModelVersions(client, ids),
);
const TRAINING_JOB = kind<number, TrainingJobRecord | null, number>(byId, (ids, { client }) =>
  loadTrainingJobs(client, ids),
);
const PLACEMENT_STATE = kind<string, PlacementStateRecord | null, string>(
  (name) => name,
  async (names, { requestReads }) => {
    const stored = await requestReads.placements(names);
    return names.map((name) => (stored.has(name) ? placementState(stored.get(name)!) : null));
  },
);
const HISTORY = kind<HistoryKey, Page<InteractionRecord>, string>(asJson, (keys, sources) =>
  loadHistories(sources, keys),
);

/** Reads that begin together. */
const READS_AT_ONCE = 8;

interface OwnRead {
  readonly key: readonly unknown[];
  readonly read: () => Promise<unknown>;
}

const IN_TURN = kind<OwnRead, unknown, string>(
  ({ key }) => asJson(key),
  async (reads, _sources, signal) => {
    const results: unknown[] = [];
    for (const some of chunksOf(reads, READS_AT_ONCE)) {
      signal?.throwIfAborted();
      results.push(...valuesOrErrors(await Promise.allSettled(some.map(({ read }) => read()))));
    }
    return results;
  },
);

function kind<K, V, C>(keyOf: LoaderKind<K, V, C>['keyOf'], read: LoaderKind<K, V, C>['read']): LoaderKind<K, V, C> {
  return { keyOf, read };
}

/** Makes each loader when it is first used: most operations use two of the ten, and a subscription keeps its loaders. */
class OperationLoaders implements Loaders {
  private made: Map<object, DataLoader<never, unknown, unknown>> | null = null;

  constructor(
    private readonly sources: LoaderSources,
    private readonly signal: AbortSignal | undefined,
  ) {}

  item(id: number) {
    return this.of(ITEM).load(id);
  }

  user(id: number) {
    return this.of(USER).load(id);
  }

  semanticId(itemId: number) {
    return this.of(SEMANTIC_ID).load(itemId);
  }

  prefix(codes: readonly number[]) {
    return this.of(PREFIX).load(codes);
  }

  interactionCount(userId: number) {
    return this.of(INTERACTION_COUNT).load(userId);
  }

  modelVersion(id: number) {
    return this.of(MODEL_VERSION).load(id);
  }

  placementState(name: string) {
    return this.of(PLACEMENT_STATE).load(name);
  }

  trainingJob(id: number) {
    return this.of(TRAINING_JOB).load(id);
  }

  history(userId: number, page: PageArgs) {
    return this.of(HISTORY).load({ userId, page });
  }

  inTurn<T>(key: readonly unknown[], read: () => Promise<T>) {
    return this.of(IN_TURN).load({ key, read }) as Promise<T>;
  }

  clearAll(): void {
    this.made?.forEach((loader) => loader.clearAll());
  }

  private of<K, V, C>(kind: LoaderKind<K, V, C>): DataLoader<K, V, C> {
    this.made ??= new Map();
    const made = this.made.get(kind) as DataLoader<K, V, C> | undefined;
    if (made) return made;
    const loader = this.make(kind);
    this.made.set(kind, loader);
    return loader;
  }

  private make<K, V, C>({ keyOf, read }: LoaderKind<K, V, C>): DataLoader<K, V, C> {
    const readBatch = async (keys: readonly K[]) => {
      this.signal?.throwIfAborted();
      const reading = Promise.resolve(read(keys, this.sources, this.signal));
      return this.signal ? untilAborted(this.signal, reading) : reading;
    };
    return new DataLoader<K, V, C>(readBatch, { cacheKeyFn: keyOf });
  }
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

/** First pages are read together, every later page by its own. */
async function loadHistories(
  sources: Pick<LoaderSources, 'client' | 'requestReads'>,
  keys: readonly HistoryKey[],
): Promise<(Page<InteractionRecord> | Error)[]> {
  const newest = newestInteractions(
    sources,
    keys.filter(({ page }) => page.after === null),
  );
  const pages = keys.map(async ({ userId, page: { first, after } }) => {
    const rows =
      after === null
        ? ((await newest).get(userId) ?? []).slice(0, first + 1)
        : await olderInteractions(sources.client, userId, first + 1, after);
    return pageOf(rows, first, HISTORY_CURSORS, interactionRecord);
  });
  const settled = await Promise.allSettled(pages);
  await newest.catch(() => undefined); // perhaps no page has waited for it
  return valuesOrErrors(settled);
}

/** @returns By user id; newest first. Prisma would read whole histories to cut them in memory. */
async function newestInteractions(
  { client, requestReads }: Pick<LoaderSources, 'client' | 'requestReads'>,
  keys: readonly HistoryKey[],
): Promise<Map<number, Interaction[]>> {
  const longest = Math.max(0, ...keys.map(({ page }) => page.first));
  const ids = await requestReads.newestInteractionIds([...new Set(keys.map(({ userId }) => userId))]);
  const wanted = [...ids.values()].flatMap((some) => some.slice(0, longest + 1));
  const rows = await readByKeys(wanted, (some) => client.interaction.findMany({ where: { id: { in: some } } }));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return new Map([...ids].map(([userId, some]) => [userId, some.flatMap((id) => byId.get(id) ?? [])]));
}

async function olderInteractions(
  client: PrismaClient,
  userId: number,
  take: number,
  after: string,
): Promise<Interaction[]> {
  const [time, id] = decodeCursor(after, HISTORY_CURSORS);
  const occurredAt = new Date(time);
  return client.interaction.findMany({
    where: {
      userId,
      // The second condition implies the first, but only the first has an index.
      occurredAt: { lte: occurredAt },
      OR: [{ occurredAt: { lt: occurredAt } }, { occurredAt, id: { lt: id } }],
    },
    orderBy: NEWEST_FIRST,
    take,
  });
}

/** @returns One record for each id, in the same order; null where there is no row. */
function inOrder<T extends { id: number }>(ids: readonly number[], records: readonly T[]): (T | null)[] {
  const byId = new Map(records.map((record) => [record.id, record]));
  return ids.map((id) => byId.get(id) ?? null);
}
