/**
 * Runs: who views an item, puts it into the cart and buys it has one entry of it in the history, in training, evaluation and serving
 * alike.
 */
import type { InteractionLog } from './interactions';

/** @returns The history with one entry for each run of one item. */
export function withoutRuns(items: readonly number[]): number[] {
  return items.filter((_, at) => isRunEnd(items, at, items.length));
}

/** @returns The log with one entry for each run of one item in a user's history; its time is the last one's. */
export function logWithoutRuns<T extends Pick<InteractionLog, 'offsets' | 'items' | 'times'>>(log: T): T {
  const [offsets, items, times] = [log.offsets.slice(), log.items.slice(), log.times.slice()];
  let kept = 0;
  for (let user = 0; user < offsets.length - 1; user++) {
    for (let at = log.offsets[user]; at < log.offsets[user + 1]; at++) {
      if (!isRunEnd(log.items, at, log.offsets[user + 1])) continue;
      items[kept] = log.items[at];
      times[kept++] = log.times[at];
    }
    offsets[user + 1] = kept;
  }
  return { ...log, offsets, items: items.slice(0, kept), times: times.slice(0, kept) };
}

/** @param end - Of the history that the position is in. */
function isRunEnd(items: ArrayLike<number>, at: number, end: number): boolean {
  return at + 1 === end || items[at + 1] !== items[at];
}
