/** Compares the lists that the active version and another one make for a sample of users. */
import type { CompareVersionsArgs, CoverageRecord, VersionComparisonRecord } from '../../graphql/explanation/records';
import type { RecommendationArgs, RecommendationList } from '../../graphql/recommendation/records';
import { chunksOf } from '../../models/math/arrays';
import { createRandom } from '../../models/math/random';
import type { PrismaClient } from '../../prisma/generated/sqlite/client';
import type { Popularity } from './popularity';
import type { Recommender } from './recommender';

/** Users whose lists are made at once. */
const USERS_AT_ONCE = 16;
/** So many times as many ids are drawn: some have no user, or one without interactions. */
const DRAWS_PER_USER = 5;
const MOST_CHANGED = 5;

interface CompareParts {
  readonly client: PrismaClient;
  readonly recommender: Pick<Recommender, 'recommend'>;
  readonly popularity: Pick<Popularity, 'size'>;
}

/** One user's lists. */
interface Pair {
  readonly userId: number;
  readonly active: RecommendationList;
  readonly other: RecommendationList;
}

export async function compareVersions(
  { list, users, seed }: CompareVersionsArgs,
  { client, recommender, popularity }: CompareParts,
  signal?: AbortSignal,
): Promise<VersionComparisonRecord> {
  const pairs: Pair[] = [];
  const listOf = (userId: number, args: RecommendationArgs) => recommender.recommend({ userId }, args, signal);
  const present = { ...list, modelVersionId: null };
  for (const some of chunksOf(await sampleOf(client, users, seed), USERS_AT_ONCE)) {
    const [active, other] = await Promise.all(
      [present, list].map((args) => Promise.all(some.map((userId) => listOf(userId, args)))),
    );
    pairs.push(...some.map((userId, i) => ({ userId, active: active[i], other: other[i] })));
  }
  return comparisonOf(pairs, popularity.size);
}

/** @returns Ids of users with interactions, drawn by the seed; fewer where few of the drawn ids have any. */
async function sampleOf(client: PrismaClient, users: number, seed: number): Promise<number[]> {
  const newest = await client.user.findFirst({ orderBy: { id: 'desc' }, select: { id: true } });
  if (newest === null) return [];
  const random = createRandom(seed);
  const drawn = new Set(
    Array.from({ length: users * DRAWS_PER_USER }, () => 1 + Math.floor(random.next() * newest.id)),
  );
  const rows = await client.user.findMany({
    where: { id: { in: [...drawn] }, interactions: { some: {} } },
    select: { id: true },
  });
  const found = new Set(rows.map(({ id }) => id));
  return [...drawn].filter((id) => found.has(id)).slice(0, users);
}

export function comparisonOf(pairs: readonly Pair[], catalogueSize: number): VersionComparisonRecord {
  const compared = pairs.map((pair) => ({
    userId: pair.userId,
    ...differenceOf(idsOf(pair.active), idsOf(pair.other)),
  }));
  const shifts = compared.flatMap((one) => one.shifts);
  const lists = (by: 'active' | 'other') => pairs.map((pair) => pair[by]);
  const coverage = (by: 'active' | 'other') => coverageOf(lists(by), catalogueSize);
  return {
    users: pairs.length,
    overlap: meanOf(compared.map(({ overlap }) => overlap)) ?? 0,
    sameFirst: meanOf(compared.map(({ hasSameFirst }) => Number(hasSameFirst))) ?? 0,
    meanShift: meanOf(shifts),
    active: coverage('active'),
    other: coverage('other'),
    mostChanged: compared
      .filter(({ overlap }) => overlap < 1)
      .sort((a, b) => a.overlap - b.overlap)
      .slice(0, MOST_CHANGED)
      .map(({ userId }) => userId),
  };
}

function differenceOf(active: readonly number[], other: readonly number[]) {
  const places = new Map(other.map((itemId, place) => [itemId, place]));
  const shifts = active.flatMap((itemId, place) => {
    const theirs = places.get(itemId);
    return theirs === undefined ? [] : [Math.abs(theirs - place)];
  });
  const longest = Math.max(active.length, other.length);
  return { shifts, overlap: longest === 0 ? 1 : shifts.length / longest, hasSameFirst: active[0] === other[0] };
}

function coverageOf(lists: readonly RecommendationList[], catalogueSize: number): CoverageRecord {
  const items = new Set(lists.flatMap(idsOf)).size;
  const modelVersionId = lists.find((list) => list.modelVersionId !== null)?.modelVersionId ?? null;
  return { modelVersionId, items, share: catalogueSize === 0 ? 0 : items / catalogueSize };
}

function idsOf({ recommendations }: RecommendationList): number[] {
  return recommendations.map(({ itemId }) => itemId);
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
