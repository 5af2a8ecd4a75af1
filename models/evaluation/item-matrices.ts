/** Two matrices from item to item of which items the same users have, without order and repeats: EASE and RP³β. */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';

import { trainingPart, type InteractionLog, type Split } from '../data/interactions';
import { forEachRow, type CountRow } from '../data/neighbours';
import { rankTopK } from '../math/top-k';

/** The items of each user in the training part. */
export interface ItemSets {
  readonly numItems: number;
  /** The item rows of each user. */
  readonly users: readonly Int32Array[];
}

export function itemSets(log: InteractionLog, split: Split, numItems: number): ItemSets {
  const users = Array.from(log.userKeys, (_, user) =>
    Int32Array.from(new Set(log.items.subarray(...trainingPart(log, split, user)))),
  );
  return { numItems, users };
}

/** Adds the item's row, times the weight, to the scores of all items. */
export type ItemMatrix = (item: number, weight: number, scores: Float64Array) => void;

/**
 * EASE, one linear regression of each item on all others: B = −P / diag(P), with zeros on the diagonal, where P = (XᵀX + λ I)⁻¹ and X
 * has a one where a user has an item.
 *
 * Source: Steck (2019), Embarrassingly Shallow Autoencoders for Sparse Data, equation 8.
 *
 * @param lambda - Weight of the squares of B; above 0.
 * @throws The signal's reason when it is aborted.
 */
export async function fitEase({ users, numItems }: ItemSets, lambda: number, signal: AbortSignal): Promise<ItemMatrix> {
  // An item that nobody has is on no row: its weights would be zeros.
  const items = [...new Set(users.flatMap((ofUser) => [...ofUser]))];
  const size = items.length;
  const rows = new Int32Array(numItems).fill(-1);
  for (const [row, item] of items.entries()) rows[item] = row;
  const matrix = Array.from(items, () => new Float64Array(size));
  for (const ofUser of users) for (const item of ofUser) for (const other of ofUser) matrix[rows[item]][rows[other]]++;
  for (let row = 0; row < size; row++) matrix[row][row] += lambda;
  await invertPositiveDefinite(matrix, signal); // the sign goes out of the quotient below
  return (item, weight, scores) => {
    const row = rows[item];
    if (row < 0) return;
    for (let column = 0; column < size; column++)
      if (column !== row) scores[items[column]] -= (weight * matrix[row][column]) / matrix[column][column];
  };
}

/**
 * Puts the inverse of a symmetric matrix in its place, with the sign changed, by sweeping one pivot after the other: n³/2 products.
 *
 * @param matrix - Symmetric and positive definite; float64 `[n][n]`.
 */
async function invertPositiveDefinite(matrix: readonly Float64Array[], signal: AbortSignal): Promise<void> {
  for (const pivot of matrix.keys()) {
    const column = Float64Array.from(matrix, (row, i) => (i < pivot ? matrix[pivot][i] : row[pivot]));
    const diagonal = column[pivot];
    column[pivot] = 0;
    for (const [i, row] of matrix.entries()) {
      const factor = column[i] / diagonal;
      for (let j = 0; j <= i; j++) row[j] -= factor * column[j];
      matrix[Math.max(i, pivot)][Math.min(i, pivot)] = factor;
    }
    matrix[pivot][pivot] = -1 / diagonal;
    if (pivot % 64 === 0) await yieldToEventLoop();
    signal.throwIfAborted();
  }
  for (const [i, row] of matrix.entries()) for (let j = 0; j < i; j++) matrix[j][i] = row[j];
}

/** Ends that are kept of each item's walks, the strongest. */
const MAX_ENDS = 200;

/**
 * RP³β: where a walk of three steps ends that goes from a user to an item, to a user who has it and to an item of that user, popular ends
 * divided down. W[i, j] = Σ over the users of both (1 / users of i)^α · (1 / items of the user)^α / (users of j)^β, for j ≠ i.
 *
 * Source: Paudel et al. (2017), Updatable, Accurate, Diverse, and Scalable Recommendations for Interactive Applications, section 4; with
 * the powers of both factors as in Ferrari Dacrema et al. (2019).
 *
 * @param alpha - Power of the steps' probabilities; 1: a plain walk.
 * @param beta - Power of the popularity that divides; 0: none.
 */
export function fitRp3Beta(
  { numItems, users }: ItemSets,
  { alpha, beta }: { readonly alpha: number; readonly beta: number },
): ItemMatrix {
  const owners = Array.from({ length: numItems }, (): number[] => []);
  for (const [user, items] of users.entries()) for (const item of items) owners[item].push(user);
  const count: CountRow = (item, counts) => {
    const ends: number[] = [];
    for (const user of owners[item])
      for (const end of users[user]) {
        if (end === item) continue;
        if (counts[end] === 0) ends.push(end);
        counts[end] += users[user].length ** -alpha;
      }
    return ends;
  };
  const rows: { readonly ends: Int32Array; readonly weights: Float32Array }[] = [];
  forEachRow(numItems, count, (item, near, counts) => {
    const ends = new Int32Array(near).sort(); // of equal ones the lower row first
    const weights = Float64Array.from(ends, (end) => counts[end] * owners[end].length ** -beta);
    const kept = rankTopK(weights, MAX_ENDS);
    const step = owners[item].length ** -alpha;
    rows.push({
      ends: Int32Array.from(kept, (i) => ends[i]),
      weights: Float32Array.from(kept, (i) => step * weights[i]),
    });
  });
  return (item, weight, scores) => {
    const { ends, weights } = rows[item];
    for (let i = 0; i < ends.length; i++) scores[ends[i]] += weight * weights[i];
  };
}
