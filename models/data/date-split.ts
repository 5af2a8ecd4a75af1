/**
 * Splits by date, as a server meets it: it knows what all users did before a day, and lists what each buys after that day. Views and carts
 * tell of purchases, but are none, so they are never to be hit.
 *
 * Leave-one-out tells too much where histories have views: the last event of most users is a view of an item that they have just viewed.
 */
import { MEASURED_USERS } from '../config';
import { DAY_MS, isoDay } from '../math/day';
import { HistoryError } from './check-histories';
import { heldOut, holdOutSome, type InteractionLog, type Split } from './interactions';
import { isBought } from './kinds';

/** Days that a part has, if the log is long enough. */
export const PART_DAYS = 30;
/** At most this share of the time before the cut is for validation: there must be enough to learn from. */
const MAX_VALIDATION_SHARE = 1 / 3;

/**
 * Trains before `cut − days`, validates between that and `cut`, and tests before `cut + days`. Where less than three times as many days
 * lie before the cut, validation has a third of them.
 *
 * @param cut - Milliseconds since the epoch; usually the beginning of a day.
 * @throws {HistoryError} When the log does not begin before that day and end after it.
 */
export function dateSplit(log: InteractionLog, cut: number, days = PART_DAYS): Split {
  const [first, last] = timeSpan(log);
  if (!(first < cut && cut <= last)) throw new HistoryError(outsideFault(cut, first, last));
  const validation = cut - Math.min(days * DAY_MS, MAX_VALIDATION_SHARE * (cut - first));
  return {
    rule: 'by-date',
    trainEnd: endsBefore(log, validation),
    validationEnd: endsBefore(log, cut),
    dates: { validation, test: cut, end: cut + days * DAY_MS, isAnyKind: !log.kinds.some(isBought) },
  };
}

function timeSpan({ times }: InteractionLog): [first: number, last: number] {
  let [first, last] = [Infinity, -Infinity];
  for (const time of times) [first, last] = [Math.min(first, time), Math.max(last, time)];
  return [first, last];
}

function outsideFault(cut: number, first: number, last: number): string {
  if (first > last) return `split by date: expected interactions before and after ${isoDay(cut)}, got none`;
  return `split by date: expected a day after the first interaction, ${isoDay(first)}, and not after the last, ${isoDay(last)}, got ${isoDay(cut)}`;
}

/** @returns The position in each user's history before which all is older than `time`; int32 `[users]`. */
function endsBefore({ userKeys, offsets, times }: InteractionLog, time: number): Int32Array {
  return Int32Array.from(userKeys, (_, user) => {
    let end = offsets[user];
    while (end < offsets[user + 1] && times[end] < time) end++;
    return end;
  });
}

/** So many users with something to hit are enough for a split by date; in a small shop this share of all users is. */
const ENOUGH_USERS = 200;
const ENOUGH_SHARE = 0.1;
/** A part of a served split has at most this share of the log's time. */
const MAX_PART_SHARE = 0.1;

/**
 * The split of a training whose model is to serve. Where events are of several kinds and enough users buy in the newest 30 days, or in the
 * newest tenth of a shorter log, it holds out by date. Else it holds out the ends of some histories: see `holdOutSome`.
 */
export function servedSplit(log: InteractionLog, seed: number): Split {
  return newestHeldOut(log) ?? holdOutSome(log, seed);
}

/** @returns Null: the log does not tell enough by date. */
function newestHeldOut(log: InteractionLog): Split | null {
  if (new Set(log.kinds).size < 2) return null;
  const [first, last] = timeSpan(log);
  const days = Math.min(PART_DAYS, (MAX_PART_SHARE * (last - first)) / DAY_MS);
  const cut = last + 1 - days * DAY_MS; // the last interaction is before the end
  if (!(first < cut && cut <= last)) return null; // all is of one time
  const split = { ...dateSplit(log, cut, days), mostMeasured: MEASURED_USERS };
  const enough = Math.min(ENOUGH_USERS, ENOUGH_SHARE * log.userKeys.length);
  const isEnough = (['validation', 'test'] as const).every((part) => heldOut(log, split, part, true).length >= enough);
  return isEnough ? split : null;
}
