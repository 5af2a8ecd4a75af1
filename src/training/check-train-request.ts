/** Refuses what nothing can be learned from, before a training spends time on it. */
import { checkHistories } from '../../models/data/check-histories';
import { Rows } from '../../models/math/rows';
import { splitOf } from '../../models/training/fit-input';
import type { TrainRequest } from '../workers/messages';
import { unpackLog } from '../workers/packed-log';
import { textAt } from '../workers/packed-texts';

/** There is nothing to choose among, or nothing tells the items apart. */
export class ItemsError extends Error {
  override readonly name = 'ItemsError';
}

type Checked = Pick<TrainRequest, 'config' | 'log' | 'texts' | 'vectors' | 'dims' | 'experiment'>;

/**
 * @throws {HistoryError} When no user has more than what is held out.
 * @throws {ItemsError} When there is one item alone, or when no item has a vector, all texts are equal, and the preset does not read what
 *   is bought together.
 */
export function checkTrainRequest({ config, log: packed, texts, vectors, dims, experiment }: Checked): void {
  const rows = new Rows(vectors, dims);
  if (rows.count === 1) throw new ItemsError('items: expected several to choose among, got one; add items, then train');
  const log = unpackLog(packed);
  const split = splitOf({ log, config, experiment });
  checkHistories(log, { split, fromEach: experiment === null ? 0 : 2 }, config.seq2seq);
  if (config.tokenizer.collaborativeSize > 0) return;
  for (let row = 0; row < rows.count; row++) {
    if (!Number.isNaN(rows.row(row)[0]) || textAt(texts, row) !== textAt(texts, 0)) return;
  }
  throw new ItemsError(
    `items: expected texts that differ, got ${rows.count} equal ones; items need titles, brands or categories that tell them apart, ` +
      'or vectors of your own, or a preset that also reads what is bought together (demo or base)',
  );
}
