/** Refuses histories from which nothing can be learned, before a training spends time on them. */
import type { Seq2SeqConfig } from '../config';
import { splitLog, type InteractionLog, type Split } from './interactions';

/** Histories that a model cannot be trained on. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
}

/** Two that are held out, and two for training: one to predict from the other. */
const MIN_LENGTH = 4;

/** @throws {HistoryError} When no user has more than what is held out; the message says how many are needed. */
export function checkHistories(log: InteractionLog, config: Pick<Seq2SeqConfig, 'encoder'>): void {
  const split = splitLog(log);
  if (hasTargets(log, split, config)) return;
  const lengths = log.userKeys.map((_, user) => log.offsets[user + 1] - log.offsets[user]);
  const unit = split.rule === 'last-basket' ? 'orders' : 'interactions';
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0);
  const got = lengths.length === 0 ? 'none' : `${lengths.length} of at most ${longest} interactions`;
  throw new HistoryError(
    `histories: expected one of at least ${MIN_LENGTH} ${unit}, since the last two are held out, got ${got}; ` +
      'import more interactions',
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
