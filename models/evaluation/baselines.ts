/**
 * Baselines, the simple rankings that a model must beat: popularity, the last item's successors, and neighbours in a window. Each
 * is fitted on the training part alone and ranks all items that are not hidden, or all.
 */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';

import { HISTORY_DECAY } from '../config';
import { trainingCounts, type HeldOut, type InteractionLog, type Split } from '../data/interactions';
import { countPairs, BASELINE_REACH, type PairCounts } from '../data/neighbours';
import { rankTopK } from '../math/top-k';
import type { EvidenceUsers } from './choose-weights';
import { LIST_SIZE } from './metrics';

/** The baselines that are made of counts. */
export const BASELINES = ['popularity', 'markov', 'item-knn'] as const;
export type BaselineName = (typeof BASELINES)[number];

/** Fills in each item's score for a history; higher is better. */
export type BaselineScorer = (history: Int32Array, scores: Float64Array) => void;

/** Weight of the popularity that breaks ties: too small to change the order of different counts. */
const TIE = 1e-6;

/** Users that are ranked between two looks at the signal. */
const CHUNK = 128;

/**
 * Fits one baseline, so that the counts of one alone are in memory:
 *
 * - `popularity`: how often an item was bought; other kinds of events count less.
 * - `markov`: how often an item came next after the history's last one.
 * - `item-knn`: how often it came near the history's items, divided by the root of how often both occur (a cosine).
 */
export function fitBaseline(name: BaselineName, log: InteractionLog, split: Split, numItems: number): BaselineScorer {
  const popularity = trainingCounts(log, split, numItems); // breaks ties
  switch (name) {
    case 'popularity':
      return (_, scores) => scores.set(popularity);
    case 'markov': {
      const next = countPairs(log, split, numItems, { ...BASELINE_REACH, window: 1, backward: 0 });
      return scorer(next, popularity, 0, (history) => history.subarray(-1));
    }
    case 'item-knn':
      return scorer(countPairs(log, split, numItems, BASELINE_REACH), popularity, 0.5, (history) => history);
  }
}

/**
 * @returns The first 20 item rows of each user's ranking; of equal ones the lower row first.
 * @throws The signal's reason when it is aborted.
 */
export async function rankBaseline(
  scorer: BaselineScorer,
  { cases, isSeenKept, signal }: EvidenceUsers,
  numItems: number,
): Promise<number[][]> {
  const scores = new Float64Array(numItems);
  const lists: number[][] = [];
  for (let at = 0; at < cases.length; at += CHUNK) {
    signal.throwIfAborted();
    for (const one of cases.slice(at, at + CHUNK)) lists.push(rankOne(scorer, one, scores, isSeenKept));
    await yieldToEventLoop();
  }
  return lists;
}

function rankOne(
  scorer: BaselineScorer,
  { history, hidden }: HeldOut,
  scores: Float64Array,
  isSeenKept: boolean,
): number[] {
  scores.fill(0);
  scorer(history, scores);
  if (!isSeenKept) for (const item of hidden) scores[item] = -Infinity;
  return rankTopK(scores, LIST_SIZE, (item) => scores[item] !== -Infinity);
}

/** @returns Scores that put items of which nothing else is known in the order of their popularity. */
export function tieScores(popularity: Float64Array): Float64Array {
  const most = popularity.reduce((a, b) => Math.max(a, b), 1);
  return popularity.map((count) => (count / most) * TIE);
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
