/** Finds trending and popular items for what a model leaves open in a list, and says why the list is what it is. */
import { LRUCache } from 'lru-cache';

import type { PlacementDefinition } from '../../graphql/placement/records';
import type { ListReason, RecommendationRecord, TrendingWindow } from '../../graphql/recommendation/records';
import { isAmong } from '../../models/math/arrays';
import type { AllowList, ListBoost, RecommendOne } from '../workers/messages';
import type { Popularity, PopularItem } from './popularity';
import type { Quotas } from './quotas';
import type { Trending } from './trending';

/** Used as the share of an item without interactions, since the logarithm of 0 is infinite. */
const MIN_SHARE = 1e-12;
/** With boosts, so many of the best items are ranked anew, and so many of each boost that moves up. */
const MAX_RANKED_ANEW = 1_000;
const MAX_OF_BOOST = 200;
/** Where quotas leave out most of what is offered, the search for more ends after so many items: the shelves of each are read. */
const MAX_OFFERED = 1_000;

const NONE: ReadonlySet<number> = new Set();

/** Which items a list may have, and which of them count more. */
type Eligible = Pick<RecommendOne, 'allow' | 'deny' | 'boosts'>;

/** @returns The next `count` items that are not taken, best first; fewer where there are no more. */
export type Offer = (count: number, taken: ReadonlySet<number>) => Promise<RecommendationRecord[]>;

/**
 * Takes from an offer, for as long as quotas have room, what a list lacks.
 *
 * @param taken - Gets the items that were looked at: what a quota has left out once it leaves out again.
 */
export async function takeFrom(
  offer: Offer,
  lacking: number,
  taken: Set<number>,
  quotas: Quotas,
): Promise<RecommendationRecord[]> {
  const found: RecommendationRecord[] = [];
  for (let count = lacking; found.length < lacking && count <= MAX_OFFERED; count *= 4) {
    const offered = await offer(count, taken);
    for (const { itemId } of offered) taken.add(itemId);
    found.push(...(await quotas.admit(offered, lacking - found.length)));
    if (offered.length < count) break;
  }
  return found;
}

interface FillingParts {
  readonly popularity: Popularity;
  readonly trending: Pick<Trending, 'ranking'>;
}

export class ListFilling {
  /** Rankings with boosts, a minute old at most: to make one takes several times as long as the list. */
  private readonly boosted = new LRUCache<string, readonly PopularItem[]>({
    max: 64,
    ttl: 60_000,
    ttlResolution: 1_000,
  });

  constructor(private readonly parts: FillingParts) {}

  /**
   * @param window - Of a request for what is trending.
   * @returns What fills a list of the placement, in this order. A request for what is trending gets that.
   */
  offers(
    eligible: Eligible,
    placement: Pick<PlacementDefinition, 'fallback' | 'window'>,
    window: TrendingWindow | null | undefined,
  ): Offer[] {
    const fallback = window == null ? placement.fallback : 'TRENDING';
    if (fallback === 'NOTHING') return [];
    const popular = this.popular(eligible);
    return fallback === 'POPULAR'
      ? [popular]
      : [this.trending(eligible, window ?? placement.window ?? 'WEEK'), popular];
  }

  /** @param excluded - Items that the request excludes. */
  reasonOf(
    list: readonly RecommendationRecord[],
    { pinned = [], allow, deny }: RecommendOne,
    excluded: readonly number[],
  ): ListReason {
    // Pins are there whatever anything says of them.
    const best = list.find(({ itemId }) => !pinned.includes(itemId)) ?? list[0];
    if (best?.source === 'POPULARITY') return best.score > Math.log(MIN_SHARE) ? 'POPULAR' : 'NEWEST';
    if (best !== undefined) return best.source === 'TRENDING' ? 'TRENDING' : 'MODEL';
    const { popularity } = this.parts;
    const hasSome = (denied: Iterable<number>) =>
      popularity.top({ allow: allow?.itemIds ?? null, deny: new Set(denied), first: 1 }).length > 0;
    if (popularity.size === 0) return 'EMPTY_CATALOGUE';
    if (!hasSome(excluded)) return 'FILTER_ADMITS_NOTHING';
    return hasSome(deny) ? 'NO_FALLBACK' : 'ALL_SEEN';
  }

  private trending(eligible: Eligible, window: TrendingWindow): Offer {
    return async (count, taken) => {
      const all = await this.parts.trending.ranking(window);
      const ranking = this.ranked(window, eligible, () => all.slice(0, MAX_RANKED_ANEW)) ?? all;
      return this.first(ranking, eligible, count, taken).map((item) => withoutModel(item, 'TRENDING'));
    };
  }

  private popular(eligible: Eligible): Offer {
    const { popularity } = this.parts;
    const { allow, boosts = [] } = eligible;
    const best = (count: number, deny: ReadonlySet<number>) =>
      popularity.top({ allow: allow?.itemIds ?? null, deny, first: count });
    const candidates = () => [
      ...best(MAX_RANKED_ANEW, NONE),
      ...boosts.flatMap(({ items, factor }) => (factor > 1 ? this.bestOf(items, allow) : [])),
    ];
    return async (count, taken) => {
      const ranking = this.ranked('POPULAR', eligible, candidates);
      const items = ranking === null ? [] : this.first(ranking, eligible, count, taken);
      const denied = () => (items.length === 0 ? taken : new Set([...taken, ...items.map(({ itemId }) => itemId)]));
      const others = items.length < count ? best(count - items.length, denied()) : [];
      return [...items, ...others].map((item) => withoutModel(item, 'POPULARITY'));
    };
  }

  private bestOf({ itemIds }: AllowList, allow: AllowList | null): PopularItem[] {
    const qualifies = (itemId: number) => allow === null || isAmong(allow.itemIds, itemId);
    return this.parts.popularity.top({ allow: itemIds, deny: NONE, first: MAX_OF_BOOST, qualifies });
  }

  /**
   * Equal ids of lists mean equal items: see `AllowList`.
   *
   * @returns The candidates by their boosted shares, each once; null: there are no boosts.
   */
  private ranked(
    name: TrendingWindow | 'POPULAR',
    { allow, boosts = [] }: Eligible,
    candidates: () => readonly PopularItem[],
  ): readonly PopularItem[] | null {
    if (boosts.length === 0) return null;
    const make = () => byBoostedShare([...new Map(candidates().map((item) => [item.itemId, item])).values()], boosts);
    if (allow?.id === null || boosts.some(({ items }) => items.id === null)) return make();
    const key = JSON.stringify([name, allow?.id, ...boosts.map(({ items, factor }) => [items.id, factor])]);
    const known = this.boosted.get(key);
    if (known !== undefined) return known;
    const ranking = make();
    this.boosted.set(key, ranking);
    return ranking;
  }

  /** @returns The first of the ranking that are live, allowed and not taken. */
  private first(
    ranking: readonly PopularItem[],
    { allow }: Eligible,
    count: number,
    taken: ReadonlySet<number>,
  ): PopularItem[] {
    const found: PopularItem[] = [];
    for (const item of ranking) {
      if (found.length === count) break;
      const { itemId } = item;
      if (taken.has(itemId) || (allow !== null && !isAmong(allow.itemIds, itemId))) continue;
      if (this.parts.popularity.has(itemId)) found.push(item);
    }
    return found;
  }
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
