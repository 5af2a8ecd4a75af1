/** Measures the baselines for the test users, and how far the model's lists are above those of the strongest one. */
import { Neighbours, type NeighbourTable } from '../decoding/evidence/neighbours';
import { Repeats } from '../decoding/evidence/repeats';
import { BASELINES, fitBaseline, rankBaseline, type BaselineName, type BaselineScorer } from './baselines';
import { evidenceLists, hasOwnItems } from './choose-weights';
import type { HeldOutRanker, RankOptions } from './held-out-ranker';
import {
  LIST_SIZE,
  meanNdcg,
  plainMetric,
  prefixed,
  rankingDifferences,
  rankingMetrics,
  type MetricValue,
} from './metrics';
import type { NearestTexts } from './nearest-texts';
import { type PlanPass, ranksOf, type TestCase } from './test-lists';
import type { MatrixName, TunedMatrix } from './tuned-matrices';

export interface BaselinePasses {
  readonly byCounts: Readonly<Record<BaselineName | MatrixName, RankOptions>>;
  /** Null: there are no texts. */
  readonly byTexts: RankOptions | null;
}

/**
 * @param matrices - Names of the matrices that there will be.
 * @returns The passes that `baselineMetrics` needs.
 */
export function planBaselines(hasTexts: boolean, matrices: readonly MatrixName[], plan: PlanPass): BaselinePasses {
  const passes = [...BASELINES, ...matrices].map((name) => [name, plan({})]);
  return {
    byCounts: Object.fromEntries(passes) as BaselinePasses['byCounts'],
    byTexts: hasTexts ? plan({}) : null,
  };
}

interface BaselineParts {
  readonly nearestTexts: NearestTexts | null;
  readonly neighbours: NeighbourTable;
  readonly matrices: readonly TunedMatrix[];
  readonly passes: BaselinePasses;
  readonly signal: AbortSignal;
  /** Called when a simple list is as good as the model's. */
  readonly onWarning: (message: string) => void;
}

/** @returns The metrics of each baseline under `baseline.NAME.…`, on the users of `cases`, and `above.strongest-baseline.…`. */
export async function baselineMetrics(
  { input, weights }: HeldOutRanker,
  cases: readonly TestCase[],
  { nearestTexts, neighbours, matrices, passes: { byCounts, byTexts }, signal, onWarning }: BaselineParts,
): Promise<MetricValue[]> {
  const { log, split, semanticIds, seed } = input;
  const size = { numItems: semanticIds.length, k: LIST_SIZE };
  const byNeighbours = new Neighbours(neighbours, weights.unseen.neighbourDecay);
  const users = { cases, isSeenKept: false, signal };
  const measured: MeasuredBaseline[] = [
    { name: 'counts-and-texts', ranks: ranksOf(cases.map((one) => one.evidence), cases) }, // prettier-ignore
    { name: 'item-knn-tuned', ranks: ranksOf(evidenceLists(byNeighbours, users), cases) },
  ];
  if (hasOwnItems(cases)) {
    const lists = evidenceLists(new Repeats(weights.unseen.repeats, log.rules), users);
    measured.push({ name: 'own-items', ranks: ranksOf(lists, cases) });
  }
  const measure = async (name: keyof typeof byCounts, scorer: BaselineScorer) => {
    measured.push({ name, ranks: ranksOf(await rankBaseline(scorer, cases, size, byCounts[name]), cases) });
  };
  for (const name of BASELINES) await measure(name, fitBaseline(name, log, split, semanticIds.length));
  for (const { name, scorer } of matrices) await measure(name, scorer);
  if (nearestTexts !== null && byTexts !== null) {
    const near = await nearestTexts.rank(cases, LIST_SIZE, byTexts);
    const lists = near.map((list) => list.map(({ itemId }) => itemId));
    measured.push({ name: 'content-knn', ranks: ranksOf(lists, cases) });
  }
  const served = ranksOf(cases.map((one) => one.served), cases); // prettier-ignore
  const constants = matrices.flatMap(({ name, constants }) =>
    Object.entries(constants).map(([constant, value]) => plainMetric(`baseline.${name}.${constant}`, value)),
  );
  return [...comparison(measured, served, { kind: 'lists', seed, onWarning }), ...constants];
}

export interface MeasuredBaseline {
  readonly name: string;
  /** `hitRank` in each of its lists. */
  readonly ranks: readonly number[];
}

interface ComparisonParts {
  /** Whether the lists may have seen items, for the warning. */
  readonly kind: 'lists' | 'lists with seen items';
  readonly seed: number;
  /** Called when the strongest baseline is as good as the model. */
  readonly onWarning: (message: string) => void;
}

/**
 * The strongest baseline is the one with the best NDCG@10 on these same users: the choice is to its advantage.
 *
 * @param served - The ranks of the model's lists, for the same users.
 * @returns `baseline.NAME.…` and `above.strongest-baseline.…`.
 */
export function comparison(
  baselines: readonly MeasuredBaseline[],
  served: readonly number[],
  { kind, seed, onWarning }: ComparisonParts,
): MetricValue[] {
  const strongest = baselines.reduce((a, b) => (meanNdcg(b.ranks) > meanNdcg(a.ranks) ? b : a));
  const differences = rankingDifferences(served, strongest.ranks, seed);
  const told = differences.find(({ name }) => name === 'ndcg@10');
  if (told !== undefined && told.low! <= 0) onWarning(warningOf(strongest, served, told, kind));
  return [
    ...baselines.flatMap(({ name, ranks }) => prefixed(`baseline.${name}.`, rankingMetrics(ranks, seed))),
    ...prefixed('above.strongest-baseline.', differences),
  ];
}

function warningOf(
  { name, ranks }: MeasuredBaseline,
  served: readonly number[],
  { value, low, high }: MetricValue,
  kind: ComparisonParts['kind'],
): string {
  const [own, simple] = [served, ranks].map((ofLists) => meanNdcg(ofLists).toFixed(4));
  const [difference, from, to] = [value, low!, high!].map((x) => `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(4)}`);
  return (
    `${name === 'content-knn' ? 'texts' : 'counts'} do ${high! < 0 ? 'better than' : 'as well as'} this model: its ${kind} have an ` +
    `NDCG@10 of ${own}, and those of ${name} have ${simple} on the same ${served.length} users, a difference of ${difference} ` +
    `[${from}, ${to}]; import more interactions and train again, or activate an earlier version whose figures are better`
  );
}
