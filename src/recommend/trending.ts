/** Trending items: for each window those of most users and days. */
import { LRUCache } from 'lru-cache';

import type { TrendingWindow } from '../../graphql/recommendation/records';
import { readTrending } from '../storage/sql-reads';
import type { Transaction } from '../storage/transaction';
import type { PopularItem } from './popularity';

const MS_PER_HOUR = 3_600_000;
const HOURS: Readonly<Record<TrendingWindow, number>> = { DAY: 24, WEEK: 7 * 24, MONTH: 30 * 24 };
/** A ranking is this old at most when the next request has it made anew; that request still gets the old one. */
const MAX_AGE_MS = 60_000;

export class Trending {
  private readonly rankings;

  constructor(client: Transaction, maxAgeMs = MAX_AGE_MS) {
    this.rankings = new LRUCache<TrendingWindow, readonly PopularItem[]>({
      ...{ max: Object.keys(HOURS).length, ttl: maxAgeMs, allowStale: true },
      fetchMethod: (window) => rankingOf(client, HOURS[window]),
    });
  }

  /** @returns Best first, removed items too; `share` is among those that it counted. */
  async ranking(window: TrendingWindow): Promise<readonly PopularItem[]> {
    return (await this.rankings.fetch(window)) ?? [];
  }
}

async function rankingOf(client: Transaction, hours: number): Promise<PopularItem[]> {
  const now = Date.now();
  const counts = await readTrending(client, new Date(now - hours * MS_PER_HOUR), new Date(now));
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  return counts.map(({ itemId, count }) => ({ itemId, share: count / total }));
}
