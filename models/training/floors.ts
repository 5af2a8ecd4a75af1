/**
 * The simple rankings that a model must beat: popularity, the last item's successors, and item neighbours in a window.
 * Each is fitted on the training part alone and ranks all items but those that the user already has.
 */
import type { HeldOut, InteractionLog, Split } from './interactions';

export type FloorName = 'popularity' | 'markov' | 'item-knn';

/** Fills one score an item for a history; higher is better. */
export type FloorScorer = (history: Int32Array, scores: Float64Array) => void;

/** Pairs this many steps apart at most count as neighbours; a pair d steps apart weighs 1/d. */
const WINDOW = 3;
/** Each step back in the history counts this much less. */
const DECAY = 0.7;
/** Popularity breaks ties, too small to outvote a count. */
const TIE = 1e-6;

type Counts = ReadonlyMap<number, ReadonlyMap<number, number>>;

export function fitFloors(log: InteractionLog, split: Split, numItems: number): ReadonlyMap<FloorName, FloorScorer> {
  const { popularity, next, near } = count(log, split, numItems);
  const most = popularity.reduce((a, b) => Math.max(a, b), 1);
  const start = (scores: Float64Array) => scores.forEach((_, item) => (scores[item] = (popularity[item] / most) * TIE));
  return new Map<FloorName, FloorScorer>([
    ['popularity', (_, scores) => scores.set(popularity)],
    [
      'markov',
      (history, scores) => {
        start(scores);
        next.get(history[history.length - 1])?.forEach((times, item) => (scores[item] += times));
      },
    ],
    [
      'item-knn',
      (history, scores) => {
        start(scores);
        for (let back = 0; back < history.length && DECAY ** back > TIE; back++) {
          const from = history[history.length - 1 - back];
          near
            .get(from)
            ?.forEach(
              (weight, item) =>
                (scores[item] += (DECAY ** back * weight) / Math.sqrt(popularity[from] * popularity[item])),
            );
        }
      },
    ],
  ]);
}

/** @returns The first k item rows of every user's ranking, what they have already taken out; ties by row. */
export function rankFloor(scorer: FloorScorer, cases: readonly HeldOut[], numItems: number, k: number): number[][] {
  const scores = new Float64Array(numItems);
  return cases.map(({ history }) => {
    scores.fill(0);
    scorer(history, scores);
    for (const item of history) scores[item] = -Infinity;
    return topItems(scores, k);
  });
}

/** Insertion into a short sorted list: k is small beside the catalogue. */
function topItems(scores: Float64Array, k: number): number[] {
  const best: number[] = [];
  for (let item = 0; item < scores.length; item++) {
    if (scores[item] === -Infinity || (best.length === k && scores[item] <= scores[best[k - 1]])) continue;
    let at = best.length;
    while (at > 0 && scores[best[at - 1]] < scores[item]) at--;
    best.splice(at, 0, item);
    if (best.length > k) best.pop();
  }
  return best;
}

function count(
  log: InteractionLog,
  split: Split,
  numItems: number,
): { popularity: Float64Array; next: Counts; near: Counts } {
  const popularity = new Float64Array(numItems);
  const next = new Map<number, Map<number, number>>();
  const near = new Map<number, Map<number, number>>();
  for (let user = 0; user < log.userKeys.length; user++) {
    const items = log.items.subarray(log.offsets[user], split.trainEnd[user]);
    items.forEach((item, i) => {
      popularity[item]++;
      if (i + 1 < items.length) bump(next, item, items[i + 1], 1);
      for (let j = i + 1; j < items.length && j <= i + WINDOW; j++) {
        bump(near, item, items[j], 1 / (j - i));
        bump(near, items[j], item, 1 / (j - i));
      }
    });
  }
  return { popularity, next, near };
}

function bump(counts: Map<number, Map<number, number>>, from: number, to: number, weight: number): void {
  if (from === to) return;
  const row = counts.get(from) ?? new Map<number, number>();
  row.set(to, (row.get(to) ?? 0) + weight);
  counts.set(from, row);
}
