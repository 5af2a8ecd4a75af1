/** Counts how popular items are of late. */
import { DAY_MS } from '../math/day';
import { trainingPart, type InteractionLog, type Split } from './interactions';
import { ruleOf } from './kinds';

/** More days than a time may be from 1970. */
const MAX_DAYS = 2 ** 21;

/**
 * A user counts once per item and day, so nobody can make an item popular alone.
 *
 * @param halfLife - Days after which an event counts half, before the newest event of the training part; Infinity: age does not count.
 * @returns float32 `[N]`.
 */
export function recentPopularity(log: InteractionLog, split: Split, numItems: number, halfLife: number): Float32Array {
  const newest = newestTime(log, split);
  const popularity = new Float32Array(numItems);
  for (let user = 0; user < log.userKeys.length; user++) {
    const counted = new Map<number, number>();
    const [start, end] = trainingPart(log, split, user);
    for (let at = start; at < end; at++) {
      const day = Math.floor(log.times[at] / DAY_MS);
      const key = log.items[at] * MAX_DAYS + day;
      const weight = ruleOf(log.kinds[at], log.rules).weight * 0.5 ** ((newest - log.times[at]) / DAY_MS / halfLife);
      const before = counted.get(key) ?? 0;
      if (weight <= before) continue;
      popularity[log.items[at]] += weight - before;
      counted.set(key, weight);
    }
  }
  return popularity;
}

function newestTime(log: InteractionLog, split: Split): number {
  let newest = -Infinity;
  for (let user = 0; user < log.userKeys.length; user++) {
    const [start, end] = trainingPart(log, split, user);
    if (end > start) newest = Math.max(newest, log.times[end - 1]);
  }
  return newest;
}
