/** Removes a tokenizer that no version names, with its semantic IDs and their counts. */
import type { Database } from '../storage/database';
import { ROWS_PER_PIECE } from './training-results';

/** Others may write between two of its transactions. */
export async function removeTokenizer(database: Pick<Database, 'write'>, id: number): Promise<void> {
  const some = { where: { tokenizerId: id }, limit: ROWS_PER_PIECE };
  while ((await database.write(({ semanticIdPrefix }) => semanticIdPrefix.deleteMany(some))).count > 0);
  while ((await database.write(({ semanticId }) => semanticId.deleteMany(some))).count > 0);
  await database.write(({ tokenizer }) => tokenizer.deleteMany({ where: { id, modelVersions: { none: {} } } }));
}
