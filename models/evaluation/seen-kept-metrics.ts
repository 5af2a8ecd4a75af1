/** Measures lists that may have items that the user has already. */
import { trainingCounts } from '../data/interactions';
import type { NeighbourTable } from '../decoding/evidence';
import type { SeenKeptWeights } from '../serving/tiger-parts';
import { comparison, type MeasuredBaseline } from './baseline-metrics';
import { fitBaseline, ownItems, rankBaseline, type BaselineScorer } from './baselines';
import { LIST_SIZE } from './head-ranks';
import type { EvaluationInput, HeldOutRanker, RankOptions } from './held-out-ranker';
import { tunedItemKnn } from './item-head-weights';
import { plainMetric, prefixed, rankingMetrics, type MetricValue } from './metrics';
import { type PlanPass, ofEachHead, ranksOf, testCases } from './test-lists';
import type { MatrixName, TunedMatrix } from './tuned-matrices';

const SEEN_KEPT_BASELINES = ['popularity', 'item-knn', 'item-knn-tuned', 'own-items'] as const;
type SimpleBaseline = (typeof SEEN_KEPT_BASELINES)[number];

export interface SeenKeptMetricPasses {
  readonly lists: RankOptions;
  readonly baselines: readonly { readonly name: SimpleBaseline | MatrixName; readonly pass: RankOptions }[];
}

/**
 * @param matrices - Names of the matrices that there will be.
 * @param plan - Plans what the model makes.
 * @param planCompared - Plans the baselines.
 * @returns The passes that `reportOnSeenKept` needs.
 */
export function planSeenKept(
  matrices: readonly MatrixName[],
  plan: PlanPass,
  planCompared: PlanPass,
): SeenKeptMetricPasses {
  const names = [...SEEN_KEPT_BASELINES, ...matrices];
  return {
    lists: plan({ isSeenKept: true }),
    baselines: names.map((name) => ({ name, pass: planCompared({ isSeenKept: true }) })),
  };
}

interface SeenKeptParts {
  readonly ranker: HeldOutRanker;
  readonly neighbours: NeighbourTable;
  /** Called when a simple list is as good as the model's. */
  readonly onWarning: (message: string) => void;
}

export interface SeenKeptReport {
  readonly metrics: readonly MetricValue[];
  readonly compare: (matrices: readonly TunedMatrix[]) => Promise<MetricValue[]>;
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
): Promise<SeenKeptReport> {
  const { input, weights: before } = ranker;
  ranker.setWeights(weights);
  const cases = await testCases(ranker, lists, itemHeadShare);
  ranker.setWeights(before);
  const size = { numItems: input.semanticIds.length, k: LIST_SIZE };
  const ranks = (ranked: readonly (readonly number[])[]) => ranksOf(ranked, cases);
  const served = ranks(cases.map((one) => one.served));
  const compare = async (matrices: readonly TunedMatrix[]) => {
    const measured: MeasuredBaseline[] = [];
    for (const { name, pass } of baselines) {
      const matrix = matrices.find((one) => one.name === name);
      const scorer = matrix?.scorer ?? scorerOf(name as SimpleBaseline, input, neighbours, weights);
      measured.push({ name, ranks: ranks(await rankBaseline(scorer, cases, size, pass)) });
    }
    const parts = { kind: 'lists with seen items', seed: input.seed, onWarning } as const;
    return prefixed('seen-kept.', comparison(measured, served, parts));
  };
  const ofHead = (ranked: readonly (readonly number[])[]) => rankingMetrics(ranks(ranked), input.seed);
  const metrics = [...ofEachHead(cases, ofHead), plainMetric('users', cases.length)];
  return { metrics: prefixed('seen-kept.', metrics), compare };
}

function scorerOf(
  name: SimpleBaseline,
  input: EvaluationInput,
  neighbours: NeighbourTable,
  { neighbourDecay, repeatDecay }: Pick<SeenKeptWeights, 'neighbourDecay' | 'repeatDecay'>,
): BaselineScorer {
  const { log, split, semanticIds } = input;
  if (name === 'item-knn-tuned') return tunedItemKnn(input, neighbours, neighbourDecay);
  if (name === 'own-items') return ownItems(trainingCounts(log, split, semanticIds.length), repeatDecay);
  return fitBaseline(name, log, split, semanticIds.length);
}
