/** The baselines that sum up rows of a matrix over a history, EASE and RP³β. Validation chooses their constants. */
import { MAX_TRAINED_HISTORY } from '../config';
import { trainingCounts } from '../data/interactions';
import { rankBaseline, tieScores, type BaselineScorer } from './baselines';
import type { EvidenceUsers } from './choose-weights';
import type { EvaluationInput } from './held-out-ranker';
import { fitEase, fitRp3Beta, type ItemMatrix, itemSets, type ItemSets } from './item-matrices';
import { meanNdcg } from './metrics';
import { ranksOf } from './test-lists';

interface Method {
  readonly name: 'ease' | 'rp3beta';
  /** The matrix of a larger catalogue takes minutes or gigabytes. */
  readonly maxItems: number;
  /** With each of the constants that are tried. */
  readonly fits: readonly ((sets: ItemSets, signal: AbortSignal) => ItemMatrix | Promise<ItemMatrix>)[];
}

const LAMBDAS = [200, 50, 1000];
const POWERS = [0.3, 0.6].flatMap((alpha) => [0.2, 0.4].map((beta) => ({ alpha, beta })));

const METHODS: readonly Method[] = [
  { name: 'ease', maxItems: 3_000, fits: LAMBDAS.map((lambda) => (sets, signal) => fitEase(sets, lambda, signal)) },
  { name: 'rp3beta', maxItems: 100_000, fits: POWERS.map((powers) => (sets) => fitRp3Beta(sets, powers)) },
];

export interface TunedMatrix {
  readonly name: Method['name'];
  readonly scorer: BaselineScorer;
}

/**
 * @param users - Those of the validation.
 * @param decay - What an item counts less for each step back, where the history does not count as a set.
 * @returns The best of each method, but of those whose matrix would be too large.
 * @throws The signal's reason when it is aborted.
 */
export async function tunedMatrices(
  input: EvaluationInput,
  users: EvidenceUsers,
  decay: number,
): Promise<TunedMatrix[]> {
  const { log, split, semanticIds } = input;
  const numItems = semanticIds.length;
  const sets = itemSets(log, split, numItems);
  const ties = tieScores(trainingCounts(log, split, numItems));
  const best = async ({ name, fits }: Method) => {
    let chosen: { readonly figure: number; readonly scorer: BaselineScorer } | null = null;
    for (const fit of fits) {
      const matrix = await fit(sets, users.signal);
      for (const scorer of [1, decay].map((each) => sumsOverHistory(matrix, each, ties))) {
        const figure = meanNdcg(ranksOf(await rankBaseline(scorer, users, numItems), users.cases));
        if (chosen === null || figure > chosen.figure) chosen = { figure, scorer };
      }
    }
    return { name, scorer: chosen!.scorer };
  };
  const tuned: TunedMatrix[] = [];
  for (const method of METHODS) if (numItems <= method.maxItems) tuned.push(await best(method));
  return tuned;
}

/** Items whose weight is smaller do not count. */
const MIN_WEIGHT = 1e-3;

/** Σ decay^back · row, over the items of the history: each counts once, where the user took it last. */
function sumsOverHistory(addRow: ItemMatrix, decay: number, ties: Float64Array): BaselineScorer {
  return (history, scores) => {
    scores.set(ties);
    let weight = 1;
    for (const item of new Set(history.slice(-MAX_TRAINED_HISTORY).reverse())) {
      if (weight < MIN_WEIGHT) return;
      addRow(item, weight, scores);
      weight *= decay;
    }
  };
}
