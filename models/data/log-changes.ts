/** Changes histories before a training reads them: joins runs of one item, and withholds items for an experiment. */
import { DAY_MS } from '../math/day';
import { createRandom } from '../math/random';
import { type InteractionLog, splitLog } from './interactions';
import { weightOfKind } from './kinds';

/** Two interactions in a row with one item are separate entries if at least this much time lies between them. */
const RUN_GAP_MS = DAY_MS;

/** @returns The time at a position of a history, in milliseconds. */
export type TimeAt = (position: number) => number;

/**
 * @param timeAt - Asked only where an item follows itself; absent: the history has no times, and each run is one entry.
 * @returns The history with one entry for each run of one item.
 */
export function withoutRuns(items: readonly number[], timeAt: TimeAt = () => 0): number[] {
  return items.filter((_, at) => isRunEnd(items, timeAt, at, items.length));
}

/**
 * @returns The log with one entry for each run of one item in a user's history; its time is the last one's, its kind the one that counts
 *   most.
 */
export function logWithoutRuns<T extends Omit<InteractionLog, 'userKeys'>>(log: T): T {
  const [offsets, items, times] = [log.offsets.slice(), log.items.slice(), log.times.slice()];
  const kinds = new Uint8Array(items.length);
  const timeAt = (at: number) => log.times[at];
  let kept = 0;
  for (let user = 0; user < offsets.length - 1; user++) {
    let strongest = -1;
    for (let at = log.offsets[user]; at < log.offsets[user + 1]; at++) {
      strongest = strongerKind(strongest, log.kinds[at]);
      if (!isRunEnd(log.items, timeAt, at, log.offsets[user + 1])) continue;
      [items[kept], times[kept], kinds[kept]] = [log.items[at], log.times[at], strongest];
      strongest = -1;
      kept++;
    }
    offsets[user + 1] = kept;
  }
  return { ...log, offsets, items: items.slice(0, kept), times: times.slice(0, kept), kinds: kinds.slice(0, kept) };
}

/** @param kind - −1: there is none. @returns The kind that counts more; of equal ones the later. */
export function strongerKind(kind: number, later: number): number {
  return kind === -1 || weightOfKind(later) >= weightOfKind(kind) ? later : kind;
}

/** @param end - End of the history that the position is in. */
function isRunEnd(items: ArrayLike<number>, timeAt: TimeAt, at: number, end: number): boolean {
  return at + 1 === end || items[at + 1] !== items[at] || timeAt(at + 1) - timeAt(at) >= RUN_GAP_MS;
}

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
  const rest = {
    userKeys: log.userKeys,
    offsets,
    items: Int32Array.from(kept, (at) => log.items[at]),
    times: Float64Array.from(kept, (at) => log.times[at]),
    kinds: Uint8Array.from(kept, (at) => log.kinds[at]),
  };
  if (kept.length > 0 && splitLog(rest).rule !== rule) {
    throw new RangeError(`withheld items: expected to leave baskets that are held out as a whole, got smaller ones`);
  }
  return rest;
}
