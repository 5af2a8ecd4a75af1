/** Finds trending and popular items for what a model leaves open in a list. */
import type { RecommendationRecord, TrendingWindow } from '../../graphql/recommendation/records';
import { isAmong } from '../../models/math/arrays';
import type { ListBoost, RecommendOne } from '../workers/messages';
import type { Popularity, PopularItem } from './popularity';
import type { Quotas } from './quotas';
import type { Trending } from './trending';

/** Used as the share of an item without interactions, since the logarithm of 0 is infinite. */
export const MIN_SHARE = 1e-12;
/** With boosts, so many of the best items are ranked anew, and the best of each boost. */
const MAX_RANKED_ANEW = 1_000;
/** Where quotas leave out most of what is offered, the search for more ends after so many items. */
const MAX_OFFERED = 5_000;

/** Which items a list may have, and which of them count more. */
export type Eligible = Pick<RecommendOne, 'allow' | 'deny' | 'boosts'>;

/** @returns The next `count` items that are not taken, best first; fewer where there are no more. */
export type Offer = (count: number, taken: ReadonlySet<number>) => Promise<RecommendationRecord[]>;

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
    const offered = await offer(count, looked);
    found.push(...(await quotas.admit(offered, lacking - found.length)));
    if (offered.length < count) break;
    for (const { itemId } of offered) looked.add(itemId);
  }
  return found;
}

export function trendingOffer(
  parts: { readonly trending: Pick<Trending, 'ranking'>; readonly popularity: Popularity },
  { allow, boosts = [] }: Eligible,
  window: TrendingWindow,
): Offer {
  return async (count, taken) => {
    const all = await parts.trending.ranking(window);
    const ranking = boosts.length === 0 ? all : byBoostedShare(all.slice(0, MAX_RANKED_ANEW), boosts);
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
  const best = (first: number, deny: ReadonlySet<number>) =>
    popularity.top({ allow: allow?.itemIds ?? null, deny, first });
  const ofBoost = ({ items }: ListBoost, first: number, deny: ReadonlySet<number>) =>
    popularity.top({ allow: items.itemIds, deny, first, qualifies: isAllowed });
  const boosted = (count: number, taken: ReadonlySet<number>) => {
    const raised = boosts.filter(({ factor }) => factor > 1).flatMap((boost) => ofBoost(boost, count, taken));
    const all = [...best(Math.max(count, MAX_RANKED_ANEW), taken), ...raised];
    const unique = [...new Map(all.map((item) => [item.itemId, item])).values()];
    return byBoostedShare(unique, boosts).slice(0, count);
  };
  return async (count, taken) => {
    const items = boosts.length === 0 ? best(count, taken) : boosted(count, taken);
    return items.map((item) => withoutModel(item, 'POPULARITY'));
  };
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
