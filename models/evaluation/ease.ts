/**
 * EASE, a linear model of which items are bought together: it solves one regression of each item on all others, in closed form.
 *
 * Source: Steck (2019), Embarrassingly Shallow Autoencoders for Sparse Data, equation 8.
 */
import { invertPositiveDefinite } from '../math/linear-algebra';
import type { ItemMatrix, ItemSets } from './item-sets';

/** The inverse of a larger catalogue takes minutes. */
export const MAX_EASE_ITEMS = 3_000;

/**
 * B = −P / diag(P), with zeros on the diagonal, where P = (XᵀX + λ I)⁻¹ and X has a one where a user has an item.
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
  const matrix = new Float64Array(size ** 2);
  for (const ofUser of users)
    for (const item of ofUser) for (const other of ofUser) matrix[rows[item] * size + rows[other]]++;
  for (let row = 0; row < size; row++) matrix[row * (size + 1)] += lambda;
  await invertPositiveDefinite(matrix, size, signal);
  const weights = new Float32Array(matrix.length);
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++)
      if (row !== column) weights[row * size + column] = -matrix[row * size + column] / matrix[column * (size + 1)];
  return (item, weight, scores) => {
    if (rows[item] < 0) return;
    const row = weights.subarray(rows[item] * size, (rows[item] + 1) * size);
    for (let column = 0; column < size; column++) scores[items[column]] += weight * row[column];
  };
}
