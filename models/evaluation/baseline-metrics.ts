/** Measures the baselines for the test users, and warns when one of them makes better lists than the model. */
import type { NeighbourTable } from '../decoding/evidence';
import { BASELINES, fitBaseline, rankBaseline, type BaselineName, type BaselineScorer } from './baselines';
import { LIST_SIZE } from './head-ranks';
import type { HeldOutRanker, RankOptions } from './held-out-ranker';
import { tunedItemKnn } from './item-head-weights';
import { prefixed, rankingMetrics, type MetricValue, isClearlyBetter, meanNdcg } from './metrics';
import type { NearestTexts } from './nearest-texts';
import { type PlanPass, ranksOf, type TestCase } from './test-lists';

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

/** These simple lists are told of when they are better by more than this many standard errors of the difference. */
const HARM: Readonly<Record<string, { readonly errors: number; readonly list: string }>> = {
  popularity: { errors: 0, list: 'the most popular items' },
  'item-knn-tuned': { errors: 2, list: 'what is bought near the items of the history (item-kNN)' },
  'own-items': { errors: 2, list: 'what the user took last and most often' },
};

/**
 * @param name - Baseline.
 * @param ranks - `hitRank` in each of its lists.
 * @param served - The ranks of the model's lists, for the same users.
 * @param kind - Whether the lists may have seen items, for the message.
 * @returns A warning for the one who trains; none when the baseline is not better, or is not one of `HARM`.
 */
export function harmWarning(
  name: string,
  ranks: readonly number[],
  served: readonly number[],
  kind: 'lists' | 'lists with seen items' = 'lists',
): string[] {
  if (!(name in HARM) || !isClearlyBetter(ranks, served, HARM[name].errors)) return [];
  const [own, simple] = [served, ranks].map((ofLists) => meanNdcg(ofLists).toFixed(3));
  return [
    `figures: the ${kind} of this version have an NDCG@10 of ${own}, and lists of ${HARM[name].list} have ${simple}, on the same ` +
      `${served.length} users; import more interactions and train again, or activate an earlier version whose figures are better`,
  ];
}
