/** Refuses what nothing can be learned from, before a training spends time on it. */
import type { TigerConfig } from '../../models/config';
import { checkHistories } from '../../models/data/check-histories';
import { Rows } from '../../models/math/rows';
import { splitOf } from '../../models/training/fit-input';
import type { TrainRequest } from '../workers/messages';
import { unpackLog, textAt } from '../workers/packed-data';

/** There is nothing to choose among, there are more items than semantic IDs, or nothing tells the items apart. */
export class ItemsError extends Error {
  override readonly name = 'ItemsError';
}

type Checked = Pick<TrainRequest, 'config' | 'log' | 'texts' | 'vectors' | 'dims' | 'experiment'>;

/**
 * @throws {HistoryError} When no user has more than what is held out.
 * @throws {ItemsError} When there is one item alone or are more than semantic IDs, or when no item has a vector, all texts are equal, and
 *   the preset does not read what is bought together.
 */
export function checkTrainRequest({ config, log: packed, texts, vectors, dims, experiment }: Checked): void {
  const rows = new Rows(vectors, dims);
  if (rows.count === 1) throw new ItemsError('items: expected several to choose among, got one; add items, then train');
  checkRoom(rows.count, config);
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

/** The last code of an ID, the collision token, has as many values as the others. */
function checkRoom(numItems: number, { tokenizer: { numLevels, codebookSize } }: TigerConfig): void {
  const numIds = codebookSize ** (numLevels + 1);
  if (numItems <= numIds) return;
  throw new ItemsError(
    `items: expected at most ${numIds}, as many as ${numLevels} levels of ${codebookSize} codes have semantic IDs, got ${numItems}; ` +
      'train with a larger preset (demo or base) and new codebooks',
  );
}
