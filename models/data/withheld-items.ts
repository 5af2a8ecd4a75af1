/** Withholds items from training, to measure how well a model recommends cold items. */
import { createRandom } from '../math/random';
import { splitLog, type InteractionLog } from './interactions';

/** @returns Rows of that share of the items, drawn with the seed; ascending. */
export function drawWithheld(numItems: number, share: number, seed: number): Int32Array {
  const rows = Int32Array.from({ length: numItems }, (_, row) => row);
  createRandom(seed).shuffle(rows);
  return rows.slice(0, Math.round(share * numItems)).sort();
}

/**
 * Removes the items from all histories, but keeps them in the test part. A user whose history becomes empty has no test.
 *
 * @throws {RangeError} When so many items are removed from baskets that the rest would be split by another rule.
 */
export function withholdItems(log: InteractionLog, withheld: Int32Array): InteractionLog {
  const isWithheld = new Set(withheld);
  const { rule, validationEnd } = splitLog(log);
  const kept: number[] = [];
  const offsets = new Int32Array(log.offsets.length);
  for (let user = 0; user < log.userKeys.length; user++) {
    const testStart = validationEnd[user];
    for (let at = log.offsets[user]; at < testStart; at++) if (!isWithheld.has(log.items[at])) kept.push(at);
    if (kept.length > offsets[user]) for (let at = testStart; at < log.offsets[user + 1]; at++) kept.push(at);
    offsets[user + 1] = kept.length;
  }
  const items = Int32Array.from(kept, (at) => log.items[at]);
  const rest = { userKeys: log.userKeys, offsets, items, times: Float64Array.from(kept, (at) => log.times[at]) };
  if (kept.length > 0 && splitLog(rest).rule !== rule) {
    throw new RangeError(`withheld items: expected to leave baskets that are held out as a whole, got smaller ones`);
  }
  return rest;
}
