/** Evidence of popularity: the items that many users took lately, for every history alike. */
import { rankTopK } from '../../math/top-k';
import type { Evidence, EvidenceHistory } from './evidence';

/** Less popular items have too small a part to move any list. */
const MAX_POPULAR = 200;

export class Popularity implements Evidence {
  private last: { readonly live?: Float32Array; readonly shares: ReadonlyMap<number, number> } | null = null;

  /** @param weights - How popular each item row is; float32 `[N]`. */
  constructor(private readonly weights: Float32Array) {}

  /** @returns The most popular items, each with its share among all live ones. */
  probabilities(_: EvidenceHistory, live?: Float32Array): ReadonlyMap<number, number> {
    if (this.last === null || this.last.live !== live) this.last = { live, shares: this.shares(live) };
    return this.last.shares;
  }

  private shares(live?: Float32Array): ReadonlyMap<number, number> {
    const isLive = (item: number) => live?.[item] !== 0 && this.weights[item] > 0;
    const total = this.weights.reduce((sum, weight, item) => (isLive(item) ? sum + weight : sum), 0);
    const popular = rankTopK(this.weights, MAX_POPULAR, isLive);
    return new Map(popular.map((item) => [item, this.weights[item] / total]));
  }
}
