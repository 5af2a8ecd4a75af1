/** Changes histories before a training reads them: joins runs of one item, and withholds items for an experiment. */
import { DAY_MS } from '../math/day';
import { createRandom } from '../math/random';
import { type InteractionLog, splitLog } from './interactions';
import { type KindRules, MAX_KIND_WEIGHT, ruleOf } from './kinds';

/** Two interactions in a row with one item are separate entries if at least this much time lies between them. */
const RUN_GAP_MS = DAY_MS;

/** A run of one item: the positions `begin … end − 1` of a history. It is one entry, at the time of the last. */
export interface Run {
  readonly begin: number;
  readonly end: number;
}

/**
 * @param timeAt - In milliseconds, at a position; asked only where an item follows itself. Absent: the history has no times.
 * @param from - The first position of the history, whose end is `to`; absent: all items are its.
 * @returns The runs of the history, oldest first.
 */
export function runsOf(items: ArrayLike<number>, timeAt = (_: number) => 0, from = 0, to = items.length): Run[] {
  const runs: Run[] = [];
  for (let begin = from, at = from; at < to; at++) {
    if (at + 1 < to && items[at + 1] === items[at] && timeAt(at + 1) - timeAt(at) < RUN_GAP_MS) continue;
    runs.push({ begin, end: at + 1 });
    begin = at + 1;
  }
  return runs;
}

/** @returns The kind of the run: one that hides the item before others, then the one that counts most, of equal ones the last. */
export function kindOfRun({ begin, end }: Run, kindAt: (position: number) => number, rules: KindRules): number {
  const rank = (kind: number) => {
    const { weight, hidesItem } = ruleOf(kind, rules);
    return hidesItem ? MAX_KIND_WEIGHT + weight : weight;
  };
  let strongest = kindAt(begin);
  for (let at = begin + 1; at < end; at++) {
    const kind = kindAt(at);
    if (rank(kind) >= rank(strongest)) strongest = kind;
  }
  return strongest;
}

/** @returns The log with one entry for each run of one item in a user's history, and how many events each entry stands for. */
export function logWithoutRuns(log: Omit<InteractionLog, 'userKeys' | 'counts'>): Omit<InteractionLog, 'userKeys'> {
  const [offsets, items, times, kinds] = [log.offsets.slice(), log.items.slice(), log.times.slice(), log.kinds.slice()];
  const counts = new Int32Array(items.length);
  let kept = 0;
  for (let user = 0; user < offsets.length - 1; user++) {
    for (const run of runsOf(log.items, (at) => log.times[at], log.offsets[user], log.offsets[user + 1])) {
      const last = run.end - 1;
      items[kept] = log.items[last];
      times[kept] = log.times[last];
      counts[kept] = run.end - run.begin;
      kinds[kept++] = kindOfRun(run, (at) => log.kinds[at], log.rules);
    }
    offsets[user + 1] = kept;
  }
  return {
    offsets,
    items: items.slice(0, kept),
    times: times.slice(0, kept),
    kinds: kinds.slice(0, kept),
    counts: counts.slice(0, kept),
    rules: log.rules,
  };
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
    counts: Int32Array.from(kept, (at) => log.counts[at]),
    rules: log.rules,
  };
  if (kept.length > 0 && splitLog(rest).rule !== rule) {
    throw new RangeError(`withheld items: expected to leave baskets that are held out as a whole, got smaller ones`);
  }
  return rest;
}
