/** Passes over the test users, the lists that a model makes for them, and the figures of these lists head by head. */
import type { HeldOut } from '../data/interactions';
import { alone, type ListWeights } from '../decoding/mixture';
import { rankTopK } from '../math/top-k';
import { mixtureList } from './choose-weights';
import type { HeldOutRanker, RankOptions } from './held-out-ranker';
import { hitRank, LIST_SIZE, prefixed, type MetricValue } from './metrics';

/** @returns The options of one pass, with what all passes of its phase have in common. */
export type PlanPass = (options: Partial<RankOptions>) => RankOptions;

/** All passes of a phase over users, planned before the first starts, so that progress has a total. */
export class Passes {
  private total = 0;

  constructor(private readonly onProgress: (done: number, total: number) => void) {}

  /** @returns The options, with progress that counts on from the passes planned before. */
  plan(ranker: HeldOutRanker, options: RankOptions): RankOptions {
    const before = this.total;
    this.total += ranker.cases(options).length;
    return { ...options, onProgress: (done) => this.onProgress(before + done, this.total) };
  }
}

/** A test user and the lists made for them, of item rows. */
export interface TestCase extends HeldOut {
  readonly served: readonly number[];
  /** The decoder's alone. */
  readonly decoder: readonly number[];
  /** Null for a model without an item head. */
  readonly itemHead: readonly number[] | null;
  /** Lists by the evidence alone, which nothing learns. */
  readonly evidence: readonly number[];
  /** The items with the nearest texts; null: there are no texts. */
  readonly byTexts: readonly number[] | null;
}

/** Weights of the lists that are compared. */
export interface ComparedWeights {
  readonly served: ListWeights;
  readonly evidence: ListWeights;
}

export function testCases(ranker: HeldOutRanker, pass: RankOptions, weights: ComparedWeights): Promise<TestCase[]> {
  const length = pass.first ?? LIST_SIZE;
  return ranker.rank(pass, (one, candidates) => ({
    ...one,
    served: mixtureList(candidates, weights.served, length),
    decoder: candidates.found.slice(0, length).map(({ itemId }) => itemId),
    itemHead: ranker.hasItemHead ? mixtureList(candidates, alone('itemHead'), length) : null,
    evidence: mixtureList(candidates, weights.evidence, length),
    byTexts: candidates.cosines && rankTopK(candidates.cosines, length).map((at) => candidates.itemIds[at]),
  }));
}

/** @returns The metrics of the lists that are served, then those of each head's own lists, if there are two heads. */
export function ofEachHead(
  cases: readonly TestCase[],
  metricsOf: (lists: readonly (readonly number[])[]) => MetricValue[],
): MetricValue[] {
  const itemHead = cases.flatMap((one) => (one.itemHead === null ? [] : [one.itemHead]));
  return [
    ...metricsOf(cases.map((one) => one.served)),
    ...prefixed('decoder.', metricsOf(cases.map((one) => one.decoder))),
    ...(itemHead.length > 0 ? prefixed('item-head.', metricsOf(itemHead)) : []),
  ];
}

/** @returns The rank of the targets in each user's list: see `hitRank`. */
export function ranksOf(lists: readonly (readonly number[])[], cases: readonly HeldOut[]): number[] {
  return cases.map(({ targets }, i) => hitRank(lists[i], targets));
}
