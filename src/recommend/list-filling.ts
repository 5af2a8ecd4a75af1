/** Finds trending and popular items for what a model leaves open in a list. */
import type { RecommendationRecord, TrendingWindow } from '../../graphql/recommendation/records';
import { isAmong } from '../../models/math/arrays';
import type { ListBoost, RecommendOne } from '../workers/messages';
import type { Popularity, PopularItem } from './popularity';
import type { Quotas } from './quotas';
import type { Trending } from './trending';

/** Used as the share of an item without interactions, since the logarithm of 0 is infinite. */
export const MIN_SHARE = 1e-12;
/** With boosts, so many of the items that are trending most are ranked anew. */
const MAX_RANKED_ANEW = 1_000;
/** Where quotas leave out most of what is offered, the search for more ends after so many items. */
const MAX_OFFERED = 5_000;

/** Which items a list may have, and which of them count more. */
export type Eligible = Pick<RecommendOne, 'allow' | 'deny' | 'boosts'>;

/** @returns The next `count` items that are not taken, best first; fewer where there are no more. */
export type Offer = (count: number, taken: ReadonlySet<number>) => RecommendationRecord[];

/** Takes from an offer, for as long as quotas have room, what a list lacks. */
export async function takeFrom(
  offer: Offer,
  lacking: number,
  taken: ReadonlySet<number>,
  quotas: Quotas,
): Promise<RecommendationRecord[]> {
  const found: RecommendationRecord[] = [];
  const looked = new Set(taken);
  for (let count = lacking; found.length < lacking && count <= MAX_OFFERED; count *= 4) {
    const offered = offer(count, looked);
    found.push(...(await quotas.admit(offered, lacking - found.length)));
    if (offered.length < count) break;
    for (const { itemId } of offered) looked.add(itemId);
  }
  return found;
}

export async function trendingOffer(
  parts: { readonly trending: Pick<Trending, 'ranking'>; readonly popularity: Popularity },
  { allow, boosts = [] }: Eligible,
  window: TrendingWindow,
): Promise<Offer> {
  const all = await parts.trending.ranking(window);
  const ranking = boosts.length === 0 ? all : byBoostedShare(all.slice(0, MAX_RANKED_ANEW), boosts);
  return (count, taken) => {
    const found: PopularItem[] = [];
    for (const item of ranking) {
      if (found.length === count) break;
      const { itemId } = item;
      const isAllowed = allow === null || isAmong(allow.itemIds, itemId);
      if (isAllowed && !taken.has(itemId) && parts.popularity.has(itemId)) found.push(item);
    }
    return found.map((item) => withoutModel(item, 'TRENDING'));
  };
}

export function popularOffer(popularity: Popularity, { allow, boosts = [] }: Eligible): Offer {
  const isAllowed = (itemId: number) => allow === null || isAmong(allow.itemIds, itemId);
  const boostsOf = (itemId: number) => boosts.filter(({ items }) => isAmong(items.itemIds, itemId)).length;
  const of = (items: Int32Array | null, first: number, deny: ReadonlySet<number>, qualifies?: typeof isAllowed) =>
    popularity.top({ allow: items, deny, first, qualifies });
  const top = (count: number, taken: ReadonlySet<number>) => {
    if (boosts.length === 0) return of(allow?.itemIds ?? null, count, taken);
    // The best of each boost alone, and of those with several, are enough: the others hardly ever come before them.
    const plain = of(allow?.itemIds ?? null, count, taken, (itemId) => boostsOf(itemId) === 0);
    const boosted = boosts.flatMap(({ items }) =>
      [false, true].flatMap((isSeveral) =>
        of(items.itemIds, count, taken, (itemId) => isAllowed(itemId) && boostsOf(itemId) > 1 === isSeveral),
      ),
    );
    const unique = new Map([...plain, ...boosted].map((item) => [item.itemId, item]));
    return byBoostedShare([...unique.values()], boosts).slice(0, count);
  };
  return (count, taken) => top(count, taken).map((item) => withoutModel(item, 'POPULARITY'));
}

/** @returns What the item's probability counts for its rank. */
export function factorOf(itemId: number, boosts: readonly ListBoost[]): number {
  return boosts.reduce((factor, boost) => factor * (isAmong(boost.items.itemIds, itemId) ? boost.factor : 1), 1);
}

function byBoostedShare(items: readonly PopularItem[], boosts: readonly ListBoost[]): PopularItem[] {
  const valued = items.map((item) => ({
    item,
    value: Math.max(item.share, MIN_SHARE) * factorOf(item.itemId, boosts),
  }));
  return valued.sort((a, b) => b.value - a.value).map(({ item }) => item);
}

export function withoutModel({ itemId, share }: PopularItem, source: 'TRENDING' | 'POPULARITY'): RecommendationRecord {
  const score = Math.log(Math.max(share, MIN_SHARE));
  return { itemId, score, source, decoderScore: null, itemHeadScore: null, codes: [], logProbabilities: [] };
}
