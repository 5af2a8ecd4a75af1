/** Judges histories before a training: refuses those from which nothing can be learned, and warns where figures will say little. */
import { MAX_TRAINED_HISTORY, type Seq2SeqConfig } from '../config';
import { isoDay } from '../math/day';
import {
  type InteractionLog,
  type Split,
  coldShare,
  hasBaskets,
  heldOut,
  learnsBaskets,
  MANY_REPEATS,
  repeatedShare,
} from './interactions';
import { isBought } from './kinds';

/** Histories that a model cannot be trained on. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
}

/** For training: one to predict from the other. */
const MIN_LENGTH = 2;

/**
 * @param fromEach - Interactions or orders held out of each user's history; 0: some users have all for training. By date it says nothing.
 * @throws {HistoryError} When no user has more than what is held out; the message says how many are needed.
 */
export function checkHistories(
  log: InteractionLog,
  { split, fromEach }: { readonly split: Split; readonly fromEach: 0 | 2 },
  config: Pick<Seq2SeqConfig, 'encoder'>,
): void {
  if (hasTargets(log, split, config)) return;
  const lengths = lengthsOf(log);
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  const got = lengths.length === 0 ? 'none' : `${lengths.length} of at most ${longest} interactions`;
  throw new HistoryError(
    `histories: expected one of at least ${neededHistory(split, fromEach)}, got ${got}; import more interactions`,
  );
}

function neededHistory({ rule, dates }: Split, fromEach: number): string {
  if (dates !== undefined)
    return `${MIN_LENGTH} interactions before ${isoDay(dates.validation)}, since what is newer is held out`;
  const unit = rule === 'last-basket' ? 'orders' : 'interactions';
  return `${MIN_LENGTH + fromEach} ${unit}${fromEach === 0 ? '' : ', since the last two are held out'}`;
}

/** @returns Whether the training part has an item that can be predicted from others before it. */
function hasTargets(log: InteractionLog, split: Split, { encoder }: Pick<Seq2SeqConfig, 'encoder'>): boolean {
  const { trainEnd } = split;
  // An item-causal encoder can also learn from the items of one order.
  const needsTwoTimes = encoder === 'bidirectional' && learnsBaskets(log, split);
  return log.userKeys.some((_, user) => {
    const [start, end] = [log.offsets[user], trainEnd[user]];
    return needsTwoTimes ? end > start && log.times[end - 1] !== log.times[start] : end - start >= 2;
  });
}

/** The figures of fewer users say nothing: by chance they may all be equal. */
const MIN_TESTED = 5;
/** Where a larger share of the test's targets is in no history before, lists without places for cold items miss much of what comes next. */
const MANY_COLD = 0.1;

/** Where users with more interactions than a training reads have a larger share of all, they are hardly people. */
const MANY_OF_POWER_USERS = 0.5;

/** @returns One sentence for each warning. */
export function historyWarnings(log: InteractionLog, split: Split, numItems: number): string[] {
  const { kinds, items } = log;
  const repeated = repeatedShare(log, split) ?? 0;
  const cold = coldShare(log, split, numItems);
  const tested = heldOut(log, split, 'test', true).length;
  const long = lengthsOf(log).filter((length) => length > MAX_TRAINED_HISTORY);
  const ofLong = long.reduce((sum, length) => sum + length, 0) / Math.max(1, items.length);
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const warnings: [isDue: boolean, text: string][] = [
    [
      split.rule === 'leave-one-out' && hasBaskets(log),
      'expected users with interactions at several times, got hardly any; so the last interactions are held out in the order in ' +
        'which they were recorded, which may mean nothing: give interactions their time of day',
    ],
    [
      kinds.length > 0 && !kinds.some(isBought),
      'expected purchases, got none; so lists and figures are of what users view or mark next, which says little of what they ' +
        'would buy: import interactions of kind PURCHASE',
    ],
    [
      ofLong > MANY_OF_POWER_USERS,
      `${percent(ofLong)} of all interactions are of users with more than ${MAX_TRAINED_HISTORY} each (${long.length}), such as ` +
        'robots; lists for all users follow what these did: leave them out of the import',
    ],
    [
      repeated > MANY_REPEATS,
      `${percent(repeated)} of what is held out are items that the user already had; so lists may have such items too, unless ` +
        'includeSeen is false, and the figures with seen items kept (seen-kept) measure them',
    ],
    [
      cold > MANY_COLD,
      `${percent(cold)} of what is held out are items that no history had before, and which lists hardly ever have outside the ` +
        'places of coldStartShare; keep places for them, and train again as soon as they have interactions',
    ],
    [
      tested < MIN_TESTED,
      `expected at least ${MIN_TESTED} users to test on, got ${tested}; so the figures of this version say nothing, and its parts ` +
        'have the weights that most shops choose: import more interactions',
    ],
  ];
  return warnings.flatMap(([isDue, text]) => (isDue ? [`histories: ${text}`] : []));
}

function lengthsOf({ userKeys, offsets }: InteractionLog): number[] {
  return userKeys.map((_, user) => offsets[user + 1] - offsets[user]);
}
