/** Measures lists that may have hidden items: those that the user has already. */
import { Neighbours, type NeighbourTable } from '../decoding/evidence/neighbours';
import { Repeats } from '../decoding/evidence/repeats';
import type { ListMaking } from '../serving/tiger-parts';
import { comparison, type MeasuredBaseline } from './baseline-metrics';
import { fitBaseline, rankBaseline } from './baselines';
import { evidenceLists } from './choose-weights';
import type { HeldOutRanker, RankOptions } from './held-out-ranker';
import { LIST_SIZE, plainMetric, prefixed, rankingMetrics, type MetricValue } from './metrics';
import { type ComparedWeights, type PlanPass, ofEachHead, ranksOf, testCases } from './test-lists';
import type { MatrixName, TunedMatrix } from './tuned-matrices';

const COUNTED = ['popularity', 'item-knn'] as const;

export interface SeenKeptMetricPasses {
  readonly lists: RankOptions;
  readonly baselines: readonly { readonly name: (typeof COUNTED)[number] | MatrixName; readonly pass: RankOptions }[];
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
  const names = [...COUNTED, ...matrices];
  return {
    lists: plan({ isSeenKept: true }),
    baselines: names.map((name) => ({ name, pass: planCompared({ isSeenKept: true }) })),
  };
}

interface SeenKeptParts {
  readonly ranker: HeldOutRanker;
  readonly neighbours: NeighbourTable;
  readonly signal: AbortSignal;
  /** Called when a simple list is as good as the model's. */
  readonly onWarning: (message: string) => void;
}

export interface SeenKeptReport {
  readonly metrics: readonly MetricValue[];
  readonly compare: (matrices: readonly TunedMatrix[]) => Promise<MetricValue[]>;
}

/** @returns The metrics of the lists that are served and of each head's, under `seen-kept.…`; `compare` gives those of the baselines. */
export async function reportOnSeenKept(
  { ranker, neighbours, signal, onWarning }: SeenKeptParts,
  { lists, baselines }: SeenKeptMetricPasses,
  weights: ComparedWeights & { readonly served: ListMaking },
): Promise<SeenKeptReport> {
  const { log, split, semanticIds, seed } = ranker.input;
  const cases = await testCases(ranker, lists, weights);
  const size = { numItems: semanticIds.length, k: LIST_SIZE };
  const ranks = (ranked: readonly (readonly number[])[]) => ranksOf(ranked, cases);
  const compare = async (matrices: readonly TunedMatrix[]) => {
    const users = { cases, isSeenKept: true, signal };
    const { neighbourDecay, repeats } = weights.served;
    const measured: MeasuredBaseline[] = [
      { name: 'counts-and-texts', ranks: ranks(cases.map((one) => one.evidence)) },
      { name: 'item-knn-tuned', ranks: ranks(evidenceLists(new Neighbours(neighbours, neighbourDecay), users)) },
      { name: 'own-items', ranks: ranks(evidenceLists(new Repeats(repeats, log.rules), users)) },
    ];
    for (const { name, pass } of baselines) {
      const matrix = matrices.find((one) => one.name === name);
      const scorer = matrix?.scorer ?? fitBaseline(name as (typeof COUNTED)[number], log, split, semanticIds.length);
      measured.push({ name, ranks: ranks(await rankBaseline(scorer, cases, size, pass)) });
    }
    const served = ranks(cases.map((one) => one.served));
    const parts = { kind: 'lists with seen items', seed, onWarning } as const;
    return prefixed('seen-kept.', comparison(measured, served, parts));
  };
  const ofHead = (ranked: readonly (readonly number[])[]) => rankingMetrics(ranks(ranked), seed);
  const metrics = [...ofEachHead(cases, ofHead), plainMetric('users', cases.length)];
  return { metrics: prefixed('seen-kept.', metrics), compare };
}
