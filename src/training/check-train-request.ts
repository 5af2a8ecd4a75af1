/** Refuses what nothing can be learned from, before a training spends time on it. */
import { checkHistories } from '../../models/data/check-histories';
import { Rows } from '../../models/math/rows';
import { splitOf } from '../../models/training/fit-input';
import type { TrainRequest } from '../workers/messages';
import { unpackLog } from '../workers/packed-log';
import { textAt } from '../workers/packed-texts';

/** Nothing tells the items apart. */
export class EqualItemsError extends Error {
  override readonly name = 'EqualItemsError';
}

type Checked = Pick<TrainRequest, 'config' | 'log' | 'texts' | 'vectors' | 'dims' | 'experiment'>;

/**
 * @throws {HistoryError} When no user has more than what is held out.
 * @throws {EqualItemsError} When no item has a vector, all texts are equal, and the preset does not read what is bought together.
 */
export function checkTrainRequest({ config, log: packed, texts, vectors, dims, experiment }: Checked): void {
  const log = unpackLog(packed);
  const split = splitOf({ log, config, experiment });
  checkHistories(log, { split, fromEach: experiment === null ? 0 : 2 }, config.seq2seq);
  if (config.tokenizer.collaborativeSize > 0) return;
  const rows = new Rows(vectors, dims);
  for (let row = 0; row < rows.count; row++) {
    if (!Number.isNaN(rows.row(row)[0]) || textAt(texts, row) !== textAt(texts, 0)) return;
  }
  throw new EqualItemsError(
    `items: expected texts that differ, got ${rows.count} equal ones; items need titles, brands or categories that tell them apart, ` +
      'or vectors of your own, or a preset that also reads what is bought together (demo or base)',
  );
}
