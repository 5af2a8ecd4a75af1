/** Refuses histories from which nothing can be learned, before a training spends time on them. */
import type { Seq2SeqConfig } from '../config';
import type { InteractionLog, Split } from './interactions';

/** Histories that a model cannot be trained on. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
}

/** For training: one to predict from the other. */
const MIN_LENGTH = 2;

/**
 * @param fromEach - How many interactions or orders are held out of each user's history; 0: some users have all for training.
 * @throws {HistoryError} When no user has more than what is held out; the message says how many are needed.
 */
export function checkHistories(
  log: InteractionLog,
  { split, fromEach }: { readonly split: Split; readonly fromEach: 0 | 2 },
  config: Pick<Seq2SeqConfig, 'encoder'>,
): void {
  if (hasTargets(log, split, config)) return;
  const lengths = log.userKeys.map((_, user) => log.offsets[user + 1] - log.offsets[user]);
  const unit = split.rule === 'last-basket' ? 'orders' : 'interactions';
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  const got = lengths.length === 0 ? 'none' : `${lengths.length} of at most ${longest} interactions`;
  throw new HistoryError(
    `histories: expected one of at least ${MIN_LENGTH + fromEach} ${unit}${fromEach === 0 ? '' : ', since the last two are held out'}, ` +
      `got ${got}; import more interactions`,
  );
}

/** @returns Whether the training part has an item that can be predicted from others before it. */
function hasTargets(
  log: InteractionLog,
  { rule, trainEnd }: Split,
  { encoder }: Pick<Seq2SeqConfig, 'encoder'>,
): boolean {
  // An item-causal encoder can also learn from the items of one order.
  const needsTwoTimes = rule === 'last-basket' && encoder === 'bidirectional';
  return log.userKeys.some((_, user) => {
    const [start, end] = [log.offsets[user], trainEnd[user]];
    return needsTwoTimes ? end > start && log.times[end - 1] !== log.times[start] : end - start >= 2;
  });
}
