/** What a worker loads to make lists by a model version. */
import type { Database } from '../storage/database';
import type { ModelToLoad } from '../workers/messages';
import { type StoredVersion, tokenizerOf } from './active-tokenizer';
import { readCodeTableAtVersion } from './code-table';

/** @returns The version with its tokenizer's codes, as they are at one version of the catalogue. `checkpointDir` is a key of the store. */
export async function modelToLoad(
  database: Pick<Database, 'read' | 'write'>,
  version: StoredVersion,
): Promise<ModelToLoad> {
  const { id: tokenizerId, idLength: ownIdLength } = tokenizerOf(version);
  const { table, catalogueVersion } = await readCodeTableAtVersion(database, tokenizerId);
  const { idLength, itemIds, codes, live } = table;
  return {
    modelVersionId: version.id,
    tokenizerId,
    checkpointDir: version.checkpointDir,
    table: { idLength: idLength || ownIdLength, itemIds, codes },
    live,
    catalogueVersion,
  };
}
