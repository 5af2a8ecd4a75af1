/** Measures the baselines for the test users, and warns when one of them makes better lists than the model. */
import type { NeighbourTable } from '../decoding/neighbour-mixture';
import { BASELINES, fitBaseline, rankBaseline, type BaselineName, type BaselineScorer } from './baselines';
import { harmWarning } from './harm-warning';
import { LIST_SIZE } from './head-ranks';
import type { HeldOutRanker, RankOptions } from './held-out-ranker';
import { tunedItemKnn } from './item-head-weights';
import { prefixed, rankingMetrics, type MetricValue } from './metrics';
import type { NearestTexts } from './nearest-texts';
import type { PlanPass } from './passes';
import { ranksOf, type TestCase } from './test-lists';

export interface BaselinePasses {
  readonly byCounts: Readonly<Record<BaselineName | 'item-knn-tuned', RankOptions>>;
  /** Null: there are no texts. */
  readonly byTexts: RankOptions | null;
}

/** @returns The passes that `baselineMetrics` needs. */
export function planBaselines(hasTexts: boolean, plan: PlanPass): BaselinePasses {
  const passes = [...BASELINES, 'item-knn-tuned' as const].map((name) => [name, plan({})]);
  return {
    byCounts: Object.fromEntries(passes) as BaselinePasses['byCounts'],
    byTexts: hasTexts ? plan({}) : null,
  };
}

interface BaselineParts {
  readonly nearestTexts: NearestTexts | null;
  readonly neighbours: NeighbourTable;
  readonly passes: BaselinePasses;
  /** Called when a simple list is better than the model's. */
  readonly onWarning: (message: string) => void;
}

/** @returns The metrics of each baseline under `baseline.NAME.…`, on the users of `cases`. */
export async function baselineMetrics(
  { input, weights }: HeldOutRanker,
  cases: readonly TestCase[],
  { nearestTexts, neighbours, passes: { byCounts, byTexts }, onWarning }: BaselineParts,
): Promise<MetricValue[]> {
  const { log, split, semanticIds, seed } = input;
  const size = { numItems: semanticIds.length, k: LIST_SIZE };
  const served = ranksOf(cases.map((one) => one.served), cases); // prettier-ignore
  const metricsOf = (name: string, lists: readonly (readonly number[])[]) => {
    const ranks = ranksOf(lists, cases);
    harmWarning(name, ranks, served).forEach(onWarning);
    return prefixed(`baseline.${name}.`, rankingMetrics(ranks, seed));
  };
  const measure = async (name: keyof typeof byCounts, scorer: BaselineScorer) =>
    metricsOf(name, await rankBaseline(scorer, cases, size, byCounts[name]));
  const metrics: MetricValue[] = [];
  for (const name of BASELINES)
    metrics.push(...(await measure(name, fitBaseline(name, log, split, semanticIds.length))));
  metrics.push(...(await measure('item-knn-tuned', tunedItemKnn(input, neighbours, weights.neighbourDecay))));
  if (nearestTexts === null || byTexts === null) return metrics;
  const near = await nearestTexts.rank(cases, LIST_SIZE, byTexts);
  const lists = near.map((list) => list.map(({ itemId }) => itemId));
  return [...metrics, ...metricsOf('content-knn', lists)];
}
