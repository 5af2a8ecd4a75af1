/** Evidence of repeats: the user's own items, by kind and age. What was taken often and lately is taken again. */
import { type KindRules, KINDS, ruleOf } from '../../data/kinds';
import { DAY_MS } from '../../math/day';
import type { Evidence, EvidenceHistory } from './evidence';

export interface RepeatWeights {
  /** An event of d days ago weighs (1 + d)^−ageing; 0: only how often counts. */
  readonly ageing: number;
  /** Power of the kind's weight: 0: a view counts as a purchase does; 1: as its weight says. */
  readonly kinds: number;
}

/** A run of n events weighs n to this power: ten views of one visit are more than one, but not as much as ten visits. */
const RUN_POWER = 0.3;

export class Repeats implements Evidence {
  private readonly kindWeights: Float64Array;

  constructor(
    private readonly weights: RepeatWeights,
    rules: KindRules,
  ) {
    this.kindWeights = Float64Array.from(KINDS, (_, kind) => ruleOf(kind, rules).weight ** weights.kinds);
  }

  probabilities(
    { items, kinds, counts, times, at }: EvidenceHistory,
    live?: Float32Array,
  ): ReadonlyMap<number, number> {
    const sums = new Map<number, number>();
    for (let i = 0; i < items.length; i++) {
      const item = items[i];
      if (item < 0 || live?.[item] === 0) continue;
      const days = Math.max(0, at - times[i]) / DAY_MS;
      const weight = this.kindWeights[kinds[i]] * counts[i] ** RUN_POWER * (1 + days) ** -this.weights.ageing;
      sums.set(item, (sums.get(item) ?? 0) + weight);
    }
    return sharesOf(sums);
  }
}

/** @returns The weights by item row, as shares of their sum; empty when they sum to nothing. */
function sharesOf(weights: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  let total = 0;
  for (const weight of weights.values()) total += weight;
  if (!(total > 0)) return new Map();
  const shares = new Map<number, number>();
  for (const [item, weight] of weights) shares.set(item, weight / total);
  return shares;
}
