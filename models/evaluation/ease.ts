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
  const matrix = new Float64Array(numItems ** 2);
  for (const items of users) {
    for (const item of items) for (const other of items) matrix[item * numItems + other]++;
  }
  for (let item = 0; item < numItems; item++) matrix[item * (numItems + 1)] += lambda;
  await invertPositiveDefinite(matrix, numItems, signal);
  const weights = new Float32Array(matrix.length);
  for (let item = 0; item < numItems; item++) {
    for (let other = 0; other < numItems; other++) {
      if (other === item) continue;
      weights[item * numItems + other] = -matrix[item * numItems + other] / matrix[other * (numItems + 1)];
    }
  }
  return (item, weight, scores) => {
    const row = weights.subarray(item * numItems, (item + 1) * numItems);
    for (let other = 0; other < numItems; other++) scores[other] += weight * row[other];
  };
}
