/** Measures the baselines for the test users, and how far the model's lists are above those of the strongest one. */
import { Neighbours, type NeighbourTable } from '../decoding/evidence/neighbours';
import { Repeats } from '../decoding/evidence/repeats';
import type { ListMaking } from '../serving/tiger-parts';
import { BASELINES, fitBaseline, rankBaseline } from './baselines';
import { evidenceLists, hasOwnItems } from './choose-weights';
import type { EvaluationInput } from './held-out-ranker';
import { meanNdcg, prefixed, rankingDifferences, rankingMetrics, type MetricValue } from './metrics';
import { ranksOf, type TestCase } from './test-lists';
import type { TunedMatrix } from './tuned-matrices';

/** The model's lists for the test users, and how they were made. */
export interface TestedLists {
  readonly cases: readonly TestCase[];
  /** Whether the lists may have hidden items. */
  readonly isSeenKept: boolean;
  readonly making: ListMaking;
}

interface BaselineParts {
  readonly neighbours: NeighbourTable;
  readonly matrices: readonly TunedMatrix[];
  readonly signal: AbortSignal;
  /** Called when a simple list is as good as the model's. */
  readonly onWarning: (message: string) => void;
}

/** @returns The metrics of each baseline under `baseline.NAME.…`, for the users of the lists, and `above.strongest-baseline.…`. */
export async function baselineMetrics(
  { log, split, semanticIds, seed }: EvaluationInput,
  { cases, isSeenKept, making }: TestedLists,
  { neighbours, matrices, signal, onWarning }: BaselineParts,
): Promise<MetricValue[]> {
  const users = { cases, isSeenKept, signal };
  const measured: MeasuredBaseline[] = [];
  const add = (name: string, lists: readonly (readonly number[])[]) =>
    measured.push({ name, ranks: ranksOf(lists, cases) });
  add(
    'counts-and-texts',
    cases.map((one) => one.evidence),
  );
  add('item-knn-tuned', evidenceLists(new Neighbours(neighbours, making.neighbourDecay), users));
  if (isSeenKept || hasOwnItems(cases)) add('own-items', evidenceLists(new Repeats(making.repeats, log.rules), users));
  for (const name of BASELINES) {
    const scorer = fitBaseline(name, log, split, semanticIds.length);
    add(name, await rankBaseline(scorer, users, semanticIds.length));
  }
  for (const { name, scorer } of matrices) add(name, await rankBaseline(scorer, users, semanticIds.length));
  const byTexts = cases.flatMap((one) => (one.byTexts === null ? [] : [one.byTexts]));
  if (byTexts.length > 0) add('content-knn', byTexts);
  const served = cases.map((one) => one.served);
  const kind = isSeenKept ? 'lists with seen items' : 'lists';
  return comparison(measured, ranksOf(served, cases), { kind, seed, onWarning });
}

export interface MeasuredBaseline {
  readonly name: string;
  /** `hitRank` in each of its lists. */
  readonly ranks: readonly number[];
}

interface ComparisonParts {
  /** The name of the lists in the warning. */
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
