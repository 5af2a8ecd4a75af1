/** Every semantic ID of a tokenizer as flat arrays, which a trie is built from. */
import { GrowingArray } from '../../models/math/arrays';
import type { PrismaClient } from '../../prisma/generated/sqlite/client';
import { pagesOf } from '../storage/bulk-reads';
import { currentVersion } from '../storage/change-log-reads';
import { codesOfKey, levelOfKey } from '../storage/code-keys';
import type { Database } from '../storage/database';
import { readCodeRows } from '../storage/sql-reads';
import { allowLongPauses } from '../storage/transaction';
import type { CodeTable, ModelToLoad } from '../workers/messages';
import { type StoredVersion, tokenizerOf } from './active-tokenizer';

/** A code table, and beside each row 1 for a live item, 0 for a removed one. */
export interface LiveCodeTable extends CodeTable {
  readonly live: Uint8Array;
}

/** A table may have a million rows, and the SQLite driver holds the event loop for a whole query. */
const ROWS_PER_QUERY = 2_000;

/** @returns Every semantic ID under the tokenizer, removed items' too, by ascending item id. */
export async function readCodeTable(client: PrismaClient, tokenizerId: number): Promise<LiveCodeTable> {
  const read = (after: number, take: number) => readCodeRows(client, tokenizerId, after, take);
  const [itemIds, codes] = [new GrowingArray(Int32Array), new GrowingArray(Int32Array)];
  const live = new GrowingArray(Uint8Array);
  let idLength = 0;
  for await (const rows of pagesOf(0, read, ({ itemId }) => itemId, ROWS_PER_QUERY))
    for (const row of rows) {
      itemIds.push(row.itemId);
      for (const code of codesOfKey(row.codesKey)) codes.push(code);
      live.push(Number(row.isLive));
      idLength = levelOfKey(row.codesKey);
    }
  return { idLength, itemIds: itemIds.values(), codes: codes.values(), live: live.values() };
}

/** After so many tries, the table is read while no other process may write. */
const MAX_TRIES = 3;

/**
 * Reads the table as it is at one version of the catalogue: again, when it was changed meanwhile.
 *
 * @returns The table and its version.
 */
export async function readCodeTableAtVersion(
  database: Pick<Database, 'read' | 'write'>,
  tokenizerId: number,
): Promise<{ table: LiveCodeTable; catalogueVersion: number }> {
  const { read } = database;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const catalogueVersion = await currentVersion(read);
    const table = await readCodeTable(read, tokenizerId);
    if ((await currentVersion(read)) === catalogueVersion) return { table, catalogueVersion };
  }
  return database.write(async (transaction) => {
    await allowLongPauses(transaction);
    return { catalogueVersion: await currentVersion(read), table: await readCodeTable(read, tokenizerId) };
  });
}

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
