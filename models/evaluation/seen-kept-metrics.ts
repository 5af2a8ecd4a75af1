/** Measures lists that may have items that the user has already. */
import { repeatedShare, trainingCounts } from '../data/interactions';
import type { NeighbourTable } from '../decoding/evidence';
import type { SeenKeptWeights } from '../serving/tiger-parts';
import { harmWarning } from './baseline-metrics';
import { fitBaseline, ownItems, rankBaseline, type BaselineScorer } from './baselines';
import { LIST_SIZE } from './head-ranks';
import type { EvaluationInput, HeldOutRanker, RankOptions } from './held-out-ranker';
import { tunedItemKnn } from './item-head-weights';
import { plainMetric, prefixed, rankingMetrics, type MetricValue } from './metrics';
import { type PlanPass, ofEachHead, ranksOf, testCases } from './test-lists';

const SEEN_KEPT_BASELINES = ['popularity', 'item-knn', 'item-knn-tuned', 'own-items'] as const;
type SeenKeptBaseline = (typeof SEEN_KEPT_BASELINES)[number];

export interface SeenKeptMetricPasses {
  readonly lists: RankOptions;
  /** None where nobody takes an item again: such lists are for other shops. */
  readonly baselines: readonly { readonly name: SeenKeptBaseline; readonly pass: RankOptions }[];
}

/**
 * @param plan - Plans what the model makes.
 * @param planCompared - Plans the baselines.
 * @returns The passes that `reportOnSeenKept` needs.
 */
export function planSeenKept(ranker: HeldOutRanker, plan: PlanPass, planCompared: PlanPass): SeenKeptMetricPasses {
  const { log, split } = ranker.input;
  const hasRepeats = (repeatedShare(log, split) ?? 0) > 0;
  const planned = (name: SeenKeptBaseline) => ({ name, pass: planCompared({ isSeenKept: true }) });
  const lists = plan({ isSeenKept: true });
  return { lists, baselines: hasRepeats ? SEEN_KEPT_BASELINES.map(planned) : [] };
}

interface SeenKeptParts {
  readonly ranker: HeldOutRanker;
  readonly neighbours: NeighbourTable;
  /** Called when a simple list is better than the model's. */
  readonly onWarning: (message: string) => void;
}

/**
 * Leaves the ranker with the weights that it has.
 *
 * @returns The metrics of the lists that are served and of each head's, under `seen-kept.…`; `compare` gives those of the baselines.
 */
export async function reportOnSeenKept(
  { ranker, neighbours, onWarning }: SeenKeptParts,
  { lists, baselines }: SeenKeptMetricPasses,
  { itemHeadShare, ...weights }: SeenKeptWeights,
): Promise<{ readonly metrics: readonly MetricValue[]; readonly compare: () => Promise<MetricValue[]> }> {
  const { input, weights: before } = ranker;
  ranker.setWeights(weights);
  const cases = await testCases(ranker, lists, itemHeadShare);
  ranker.setWeights(before);
  const size = { numItems: input.semanticIds.length, k: LIST_SIZE };
  const ranks = (ranked: readonly (readonly number[])[]) => ranksOf(ranked, cases);
  const served = ranks(cases.map((one) => one.served));
  const compare = async () => {
    const metrics: MetricValue[] = [];
    for (const { name, pass } of baselines) {
      const scorer = scorerOf(name, input, neighbours, weights);
      const simple = ranks(await rankBaseline(scorer, cases, size, pass));
      harmWarning(name, simple, served, 'lists with seen items').forEach(onWarning);
      metrics.push(...prefixed(`seen-kept.baseline.${name}.`, rankingMetrics(simple, input.seed)));
    }
    return metrics;
  };
  const ofHead = (ranked: readonly (readonly number[])[]) => rankingMetrics(ranks(ranked), input.seed);
  const metrics = [...ofEachHead(cases, ofHead), plainMetric('users', cases.length)];
  return { metrics: prefixed('seen-kept.', metrics), compare };
}

function scorerOf(
  name: SeenKeptBaseline,
  input: EvaluationInput,
  neighbours: NeighbourTable,
  { neighbourDecay, repeatDecay }: Pick<SeenKeptWeights, 'neighbourDecay' | 'repeatDecay'>,
): BaselineScorer {
  const { log, split, semanticIds } = input;
  if (name === 'item-knn-tuned') return tunedItemKnn(input, neighbours, neighbourDecay);
  if (name === 'own-items') return ownItems(trainingCounts(log, split, semanticIds.length), repeatDecay);
  return fitBaseline(name, log, split, semanticIds.length);
}
