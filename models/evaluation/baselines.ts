/**
 * Baselines, the simple rankings that a model must beat: popularity, the last item's successors, and neighbours in a window. Each
 * is fitted on the training part alone and ranks all items that are not hidden, or all.
 */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';

import { HISTORY_DECAY } from '../config';
import { trainingCounts, type HeldOut, type InteractionLog, type Split } from '../data/interactions';
import { countPairs, BASELINE_WINDOW, type PairCounts, type Reach } from '../data/neighbours';
import { rankTopK } from '../math/top-k';

/** The baselines that are made of counts. */
export const BASELINES = ['popularity', 'markov', 'item-knn', 'item-knn-damped'] as const;
export type BaselineName = (typeof BASELINES)[number];

/** Fills in each item's score for a history; higher is better. */
export type BaselineScorer = (history: Int32Array, scores: Float64Array) => void;

/** Weight of the popularity that breaks ties: too small to change the order of different counts. */
const TIE = 1e-6;
/** The two numbers of the damped neighbours: the weight of a pair against its order, and the power of the occurrences that divide it. */
const DAMPED = { backward: 0.5, exponent: 0.25 };

/** Users that are ranked between two looks at the signal. */
const CHUNK = 128;

/**
 * Fits one baseline, so that the counts of one alone are in memory:
 *
 * - `popularity`: how often an item was bought; other kinds of events count less.
 * - `markov`: how often an item came next after the history's last one.
 * - `item-knn`: how often it came near the history's items, divided by the root of how often both occur (a cosine).
 * - `item-knn-damped`: the same, but what came after counts twice as much as what came before, and that root is smaller. Its form
 *   and constants were once chosen on the test part of Amazon Beauty, so its figures there are too good.
 */
export function fitBaseline(name: BaselineName, log: InteractionLog, split: Split, numItems: number): BaselineScorer {
  const popularity = trainingCounts(log, split, numItems); // breaks ties
  const count = (reach: Reach) => countPairs(log, split, numItems, reach);
  const lastOnly = (history: Int32Array) => history.subarray(-1);
  const all = (history: Int32Array) => history;
  switch (name) {
    case 'popularity':
      return (_, scores) => scores.set(popularity);
    case 'markov':
      return scorer(count({ window: 1, backward: 0 }), popularity, 0, lastOnly);
    case 'item-knn':
      return scorer(count({ window: BASELINE_WINDOW, backward: 1 }), popularity, 0.5, all);
    case 'item-knn-damped':
      return scorer(count({ window: BASELINE_WINDOW, backward: DAMPED.backward }), popularity, DAMPED.exponent, all);
  }
}

/** Ranks by popularity, behind all others, the items of which a scorer says nothing: they would be in the order of their rows. */
export function thenPopular(scorer: BaselineScorer, popularity: Float64Array): BaselineScorer {
  const shares = ofMost(popularity);
  return (history, scores) => {
    scorer(history, scores);
    for (let item = 0; item < scores.length; item++) if (scores[item] === 0) scores[item] = shares[item] - 1;
  };
}

/** @returns Each popularity as a share of the largest. */
function ofMost(popularity: Float64Array): Float64Array {
  const most = popularity.reduce((a, b) => Math.max(a, b), 1);
  return popularity.map((count) => count / most);
}

function tieScores(popularity: Float64Array): Float64Array {
  return ofMost(popularity).map((share) => share * TIE);
}

/** How a pass over users is watched and stopped. */
export interface Watch {
  readonly onProgress?: (done: number) => void;
  readonly signal: AbortSignal;
}

/**
 * @param pass - With `isSeenKept` the ranking also has hidden items.
 * @returns The first k item rows of each user's ranking; of equal ones the lower row first.
 * @throws The signal's reason when it is aborted.
 */
export async function rankBaseline(
  scorer: BaselineScorer,
  cases: readonly HeldOut[],
  { numItems, k }: { readonly numItems: number; readonly k: number },
  { onProgress, signal, isSeenKept = false }: Watch & { readonly isSeenKept?: boolean },
): Promise<number[][]> {
  const scores = new Float64Array(numItems);
  const lists: number[][] = [];
  for (let at = 0; at < cases.length; at += CHUNK) {
    signal.throwIfAborted();
    for (const one of cases.slice(at, at + CHUNK)) lists.push(rankOne(scorer, one, scores, k, isSeenKept));
    onProgress?.(lists.length);
    await yieldToEventLoop();
  }
  return lists;
}

function rankOne(
  scorer: BaselineScorer,
  { history, hidden }: HeldOut,
  scores: Float64Array,
  k: number,
  isSeenKept: boolean,
): number[] {
  scores.fill(0);
  scorer(history, scores);
  if (!isSeenKept) for (const item of hidden) scores[item] = -Infinity;
  return rankTopK(scores, k, (item) => scores[item] !== -Infinity);
}

/** Σ decay^back · pairs / (occurrences · occurrences)^exponent, over the items that `read` takes from the history. */
function scorer(
  { starts, items: others, weights, occurrences }: PairCounts,
  popularity: Float64Array,
  exponent: number,
  read: (history: Int32Array) => Int32Array,
): BaselineScorer {
  const ties = tieScores(popularity);
  return (history, scores) => {
    scores.set(ties);
    const items = read(history);
    for (let back = 0; back < items.length && HISTORY_DECAY ** back > TIE; back++) {
      const from = items[items.length - 1 - back];
      for (let at = starts[from]; at < starts[from + 1]; at++) {
        const item = others[at];
        scores[item] += (HISTORY_DECAY ** back * weights[at]) / (occurrences[from] * occurrences[item]) ** exponent;
      }
    }
  };
}
