/**
 * Joins runs, interactions with one item in a row: a user who views an item, puts it into the cart and buys it has one entry for it in the
 * history, in training, evaluation and serving alike. A user who buys it again a day later, or each week, has an entry for each time.
 */
import type { InteractionLog } from './interactions';

/** Two interactions in a row with one item are separate entries if at least this much time lies between them. */
const RUN_GAP_MS = 24 * 60 * 60 * 1000;

/** @returns The time at a position of a history, in milliseconds. */
export type TimeAt = (position: number) => number;

/**
 * @param timeAt - Asked only where an item follows itself; absent: the history has no times, and each run is one entry.
 * @returns The history with one entry for each run of one item.
 */
export function withoutRuns(items: readonly number[], timeAt: TimeAt = () => 0): number[] {
  return items.filter((_, at) => isRunEnd(items, timeAt, at, items.length));
}

/** @returns The log with one entry for each run of one item in a user's history; its time is the last one's. */
export function logWithoutRuns<T extends Pick<InteractionLog, 'offsets' | 'items' | 'times'>>(log: T): T {
  const [offsets, items, times] = [log.offsets.slice(), log.items.slice(), log.times.slice()];
  const timeAt = (at: number) => log.times[at];
  let kept = 0;
  for (let user = 0; user < offsets.length - 1; user++) {
    for (let at = log.offsets[user]; at < log.offsets[user + 1]; at++) {
      if (!isRunEnd(log.items, timeAt, at, log.offsets[user + 1])) continue;
      items[kept] = log.items[at];
      times[kept++] = log.times[at];
    }
    offsets[user + 1] = kept;
  }
  return { ...log, offsets, items: items.slice(0, kept), times: times.slice(0, kept) };
}

/** @param end - Of the history that the position is in. */
function isRunEnd(items: ArrayLike<number>, timeAt: TimeAt, at: number, end: number): boolean {
  return at + 1 === end || items[at + 1] !== items[at] || timeAt(at + 1) - timeAt(at) >= RUN_GAP_MS;
}
