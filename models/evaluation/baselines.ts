/**
 * Baselines, the simple rankings that a model must beat: popularity, the last item's successors, and neighbours in a window. Each
 * is fitted on the training part alone and ranks all items that the user does not have.
 */
import { HISTORY_DECAY } from '../config';
import type { HeldOut, InteractionLog, Split } from '../data/interactions';
import { countNeighbours, countPairs, WINDOW, type Counts } from '../data/neighbours';
import { rankTopK } from '../math/top-k';

export type BaselineName = 'popularity' | 'markov' | 'item-knn' | 'item-knn-damped';

/** Fills in each item's score for a history; higher is better. */
export type BaselineScorer = (history: Int32Array, scores: Float64Array) => void;

/** Weight of the popularity that breaks ties: too small to change the order of different counts. */
const TIE = 1e-6;
/** The two numbers of the damped neighbours: the weight of a pair against its order, and the power of the popularities that divide it. */
const DAMPED = { backward: 0.5, exponent: 0.25 };

/**
 * Fits all baselines that count:
 *
 * - `popularity`: how often an item was bought.
 * - `markov`: how often an item came next after the history's last one.
 * - `item-knn`: how often it came near the history's items, divided by the root of both popularities (a cosine).
 * - `item-knn-damped`: the same, but what came after counts twice as much as what came before, and popularity divides less. Its form
 *   and constants were once chosen on the test part of Amazon Beauty, so its figures there are too good.
 */
export function fitBaselines(
  log: InteractionLog,
  split: Split,
  numItems: number,
): ReadonlyMap<BaselineName, BaselineScorer> {
  const { popularity, near } = countNeighbours(log, split, numItems);
  const successors = countPairs(log, split, { window: 1, backward: 0 });
  const damped = countPairs(log, split, { window: WINDOW, backward: DAMPED.backward });
  const lastOnly = (history: Int32Array) => history.subarray(-1);
  const all = (history: Int32Array) => history;
  return new Map<BaselineName, BaselineScorer>([
    ['popularity', (_, scores) => scores.set(popularity)],
    ['markov', scorer(successors, popularity, 0, lastOnly)],
    ['item-knn', scorer(near, popularity, 0.5, all)],
    ['item-knn-damped', scorer(damped, popularity, DAMPED.exponent, all)],
  ]);
}

/** @returns The first k item rows of each user's ranking, without the items that the user has; of equal ones the lower row first. */
export function rankBaseline(
  scorer: BaselineScorer,
  cases: readonly HeldOut[],
  numItems: number,
  k: number,
): number[][] {
  const scores = new Float64Array(numItems);
  return cases.map(({ history }) => {
    scores.fill(0);
    scorer(history, scores);
    for (const item of history) scores[item] = -Infinity;
    return rankTopK(scores, k, (item) => scores[item] !== -Infinity);
  });
}

/** Σ decay^back · pairs / (popularity · popularity)^exponent, over the items that `read` takes from the history. */
function scorer(
  pairs: Counts,
  popularity: Float64Array,
  exponent: number,
  read: (history: Int32Array) => Int32Array,
): BaselineScorer {
  const most = popularity.reduce((a, b) => Math.max(a, b), 1);
  return (history, scores) => {
    for (let item = 0; item < scores.length; item++) scores[item] = (popularity[item] / most) * TIE;
    const items = read(history);
    for (let back = 0; back < items.length && HISTORY_DECAY ** back > TIE; back++) {
      const from = items[items.length - 1 - back];
      pairs.get(from)?.forEach((weight, item) => {
        scores[item] += (HISTORY_DECAY ** back * weight) / (popularity[from] * popularity[item]) ** exponent;
      });
    }
  };
}
