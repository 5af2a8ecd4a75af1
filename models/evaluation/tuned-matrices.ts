/** Baselines that sum up rows of an item-to-item matrix over a history: EASE and RP³β. Validation chooses their constants. */
import { MAX_TRAINED_HISTORY, MEASURED_USERS } from '../config';
import { trainingCounts } from '../data/interactions';
import { rankBaseline, thenPopular, type BaselineScorer } from './baselines';
import { fitEase, MAX_EASE_ITEMS } from './ease';
import type { HeldOutRanker, RankOptions } from './held-out-ranker';
import { type ItemMatrix, itemSets, type ItemSets } from './item-sets';
import { hitRank, meanNdcg } from './metrics';
import { fitRp3Beta, MAX_RP3BETA_ITEMS } from './rp3beta';
import type { PlanPass } from './test-lists';

export type MatrixName = 'ease' | 'rp3beta';

interface Method {
  readonly name: MatrixName;
  readonly maxItems: number;
  /** The first of equally good ones holds. */
  readonly tried: readonly {
    readonly constants: Readonly<Record<string, number>>;
    readonly fit: (sets: ItemSets, signal: AbortSignal) => ItemMatrix | Promise<ItemMatrix>;
  }[];
}

const LAMBDAS = [200, 50, 1000];
const POWERS = [0.3, 0.6].flatMap((alpha) => [0.2, 0.4].map((beta) => ({ alpha, beta })));
const METHODS: readonly Method[] = [
  {
    name: 'ease',
    maxItems: MAX_EASE_ITEMS,
    tried: LAMBDAS.map((lambda) => ({
      constants: { lambda },
      fit: (sets, signal) => fitEase(sets, lambda, signal),
    })),
  },
  {
    name: 'rp3beta',
    maxItems: MAX_RP3BETA_ITEMS,
    tried: POWERS.map((powers) => ({ constants: powers, fit: (sets) => fitRp3Beta(sets, powers) })),
  },
];

const VALIDATION = { part: 'validation', users: MEASURED_USERS.validation } as const;
/** NDCG@10 reads so much of a list. */
const LENGTH = 10;

/** The passes over validation of each method: all that are tried with each decay. */
export type MatrixPasses = readonly { readonly method: Method; readonly passes: readonly (readonly RankOptions[])[] }[];

/** @returns The passes that `tunedMatrices` needs; none for a method whose matrix would be too large. */
export function planMatrices(numItems: number, plan: PlanPass): MatrixPasses {
  const methods = METHODS.filter(({ maxItems }) => numItems <= maxItems);
  return methods.map((method) => ({
    method,
    passes: method.tried.map(() => [plan(VALIDATION), plan(VALIDATION)]), // two decays
  }));
}

export interface TunedMatrix {
  readonly name: MatrixName;
  readonly scorer: BaselineScorer;
  /** The values that are best on validation. */
  readonly constants: Readonly<Record<string, number>>;
}

/** @throws The signal's reason when it is aborted. */
export async function tunedMatrices(ranker: HeldOutRanker, planned: MatrixPasses): Promise<TunedMatrix[]> {
  const { log, split, semanticIds } = ranker.input;
  const sets = itemSets(log, split, semanticIds.length);
  const matrices: TunedMatrix[] = [];
  for (const { method, passes } of planned) matrices.push(await bestOfMethod(ranker, sets, method, passes));
  return matrices;
}

async function bestOfMethod(
  ranker: HeldOutRanker,
  sets: ItemSets,
  { name, tried }: Method,
  passes: MatrixPasses[number]['passes'],
): Promise<TunedMatrix> {
  const { log, split } = ranker.input;
  const popularity = trainingCounts(log, split, sets.numItems);
  const cases = ranker.cases(VALIDATION);
  let best = { figure: -1, scorer: null as BaselineScorer | null, constants: {} };
  for (const [index, { constants, fit }] of tried.entries()) {
    const matrix = await fit(sets, passes[index][0].signal);
    // The history counts as a set, or as the neighbours read it.
    for (const [i, decay] of [1, ranker.weights.unseen.neighbourDecay].entries()) {
      const scorer = thenPopular(sumsOverHistory(matrix, decay), popularity);
      const lists = await rankBaseline(scorer, cases, { numItems: sets.numItems, k: LENGTH }, passes[index][i]);
      const figure = meanNdcg(lists.map((list, user) => hitRank(list, cases[user].targets)));
      if (figure > best.figure) best = { figure, scorer, constants: { ...constants, decay } };
    }
  }
  return { name, scorer: best.scorer!, constants: best.constants };
}

/** Items whose weight is smaller do not count. */
const MIN_WEIGHT = 1e-3;

/** Σ decay^back · row, over the items of the history: each counts once, where the user took it last. */
export function sumsOverHistory(addRow: ItemMatrix, decay: number): BaselineScorer {
  return (history, scores) => {
    let weight = 1;
    for (const item of new Set(history.slice(-MAX_TRAINED_HISTORY).reverse())) {
      if (weight < MIN_WEIGHT) return;
      addRow(item, weight, scores);
      weight *= decay;
    }
  };
}
