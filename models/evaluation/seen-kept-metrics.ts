/** Measures lists that may have items that the user has already. */
import { repeatedShare, trainingCounts } from '../data/interactions';
import type { NeighbourTable } from '../decoding/neighbour-mixture';
import type { SeenKeptWeights } from '../serving/head-weights';
import { fitBaseline, ownItems, rankBaseline, thenPopular } from './baselines';
import { LIST_SIZE, type HeldOutRanker, type RankOptions } from './evaluate';
import { neighbourScorer } from './item-head-weights';
import { prefixed, rankingMetrics, type MetricValue } from './metrics';
import type { PlanPass } from './passes';
import { ofEachHead, ranksOf, testCase } from './test-lists';

const SEEN_KEPT_BASELINES = ['popularity', 'item-knn', 'item-knn-tuned', 'own-items'] as const;
type SeenKeptBaseline = (typeof SEEN_KEPT_BASELINES)[number];

export interface SeenKeptMetricPasses {
  readonly ofHeads: RankOptions;
  /** None where nobody takes an item again: such lists are for other shops. */
  readonly baselines: readonly { readonly name: SeenKeptBaseline; readonly pass: RankOptions }[];
}

/** @returns The passes that `seenKeptMetrics` needs. */
export function planSeenKeptMetrics({ input: { log, split } }: HeldOutRanker, plan: PlanPass): SeenKeptMetricPasses {
  const hasRepeats = (repeatedShare(log, split) ?? 0) > 0;
  const planned = () => plan({ isSeenKept: true });
  return {
    ofHeads: planned(),
    baselines: hasRepeats ? SEEN_KEPT_BASELINES.map((name) => ({ name, pass: planned() })) : [],
  };
}

/** @returns The metrics of each head and of some baselines under `seen-kept.…`. Leaves the ranker with the weights that it has. */
export async function seenKeptMetrics(
  ranker: HeldOutRanker,
  neighbours: NeighbourTable,
  { ofHeads, baselines }: SeenKeptMetricPasses,
  { itemHeadShare, ...ofNeighbours }: SeenKeptWeights,
): Promise<MetricValue[]> {
  const { log, split, semanticIds, seed } = ranker.input;
  const before = ranker.weights;
  ranker.setWeights(ofNeighbours);
  const cases = await ranker.rank(ofHeads, (one, candidates) => testCase(one, candidates, itemHeadShare));
  ranker.setWeights(before);
  const metricsOf = (lists: readonly (readonly number[])[]) => rankingMetrics(ranksOf(lists, cases), seed);
  const metrics = ofEachHead(cases, metricsOf);
  const numItems = semanticIds.length;
  const scorerOf = (name: SeenKeptBaseline) => {
    const popularity = trainingCounts(log, split, numItems);
    const decay = ofNeighbours.neighbourDecay;
    if (name === 'item-knn-tuned') return thenPopular(neighbourScorer(neighbours, decay), popularity);
    if (name === 'own-items') return ownItems(popularity, decay);
    return fitBaseline(name, log, split, numItems);
  };
  for (const { name, pass } of baselines) {
    const lists = await rankBaseline(scorerOf(name), cases, { numItems, k: LIST_SIZE }, pass);
    metrics.push(...prefixed(`baseline.${name}.`, metricsOf(lists)));
  }
  return prefixed('seen-kept.', metrics);
}
