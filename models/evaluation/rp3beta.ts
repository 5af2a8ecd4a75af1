/**
 * RP³β: where a walk of three steps ends that goes from a user to an item, to a user who has it and to an item of that user, popular ends
 * divided down.
 *
 * Source: Paudel et al. (2017), Updatable, Accurate, Diverse, and Scalable Recommendations for Interactive Applications, section 4; with
 * the powers of both factors as in Ferrari Dacrema et al. (2019).
 */
import { forEachRow, type CountRow } from '../data/neighbours';
import { rankTopK } from '../math/top-k';
import type { ItemMatrix, ItemSets } from './item-sets';

/** A larger catalogue would need a gigabyte. */
export const MAX_RP3BETA_ITEMS = 100_000;
/** Ends that are kept of each item's walks, the strongest. */
const MAX_ENDS = 200;

/**
 * W[i, j] = Σ over the users of both (1 / users of i)^α · (1 / items of the user)^α / (users of j)^β, for j ≠ i.
 *
 * @param alpha - Power of the steps' probabilities; 1: a plain walk.
 * @param beta - Power of the popularity that divides; 0: none.
 */
export function fitRp3Beta(
  sets: ItemSets,
  { alpha, beta }: { readonly alpha: number; readonly beta: number },
): ItemMatrix {
  const { numItems, users } = sets;
  const owners = ownersOf(sets);
  const stepsTo = Float64Array.from(users, ({ length }) => length ** -alpha);
  const [stepsFrom, divided] = [alpha, beta].map((power) =>
    Float64Array.from(owners, ({ length }) => length ** -power),
  );
  const count: CountRow = (item, counts) => {
    const ends: number[] = [];
    for (const user of owners[item]) {
      for (const end of users[user]) {
        if (end === item) continue;
        if (counts[end] === 0) ends.push(end);
        counts[end] += stepsTo[user];
      }
    }
    return ends;
  };
  const rows: { readonly ends: Int32Array; readonly weights: Float32Array }[] = [];
  forEachRow(numItems, count, (item, near, counts) => {
    const ends = new Int32Array(near).sort(); // of equal ones the lower row first
    const weights = new Float64Array(ends.length);
    for (let i = 0; i < ends.length; i++) weights[i] = stepsFrom[item] * counts[ends[i]] * divided[ends[i]];
    const kept = rankTopK(weights, MAX_ENDS);
    rows.push({ ends: Int32Array.from(kept, (i) => ends[i]), weights: Float32Array.from(kept, (i) => weights[i]) });
  });
  return (item, weight, scores) => {
    const { ends, weights } = rows[item];
    for (let i = 0; i < ends.length; i++) scores[ends[i]] += weight * weights[i];
  };
}

/** @returns The users of each item row. */
function ownersOf({ numItems, users }: ItemSets): readonly (readonly number[])[] {
  const owners = Array.from({ length: numItems }, (): number[] => []);
  for (const [user, items] of users.entries()) for (const item of items) owners[item].push(user);
  return owners;
}
