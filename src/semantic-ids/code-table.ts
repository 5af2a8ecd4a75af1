/** Every semantic ID of a tokenizer as flat arrays, which a trie is built from. */
import { joinArrays } from '../../models/math/arrays';
import { Rows } from '../../models/math/rows';
import type { PrismaClient } from '../../prisma/generated/sqlite/client';
import { pagesOf } from '../storage/bulk-reads';
import { currentVersion } from '../storage/change-log-reads';
import { codesOfKey, levelOfKey } from '../storage/code-keys';
import type { Database } from '../storage/database';
import { type CodeRow, readCodeRows } from '../storage/sql-reads';
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
  const pages: LiveCodeTable[] = [];
  for await (const rows of pagesOf(0, read, ({ itemId }) => itemId, ROWS_PER_QUERY)) pages.push(tableOf(rows));
  return joinTables(pages);
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

function tableOf(rows: readonly CodeRow[]): LiveCodeTable {
  const idLength = rows.length === 0 ? 0 : levelOfKey(rows[0].codesKey);
  const codes = new Rows(new Int32Array(rows.length * idLength), idLength);
  rows.forEach(({ codesKey }, row) => codes.set(row, codesOfKey(codesKey)));
  return {
    idLength,
    itemIds: Int32Array.from(rows, ({ itemId }) => itemId),
    codes: codes.values,
    live: Uint8Array.from(rows, ({ isLive }) => Number(isLive)),
  };
}

function joinTables(pages: readonly LiveCodeTable[]): LiveCodeTable {
  return {
    idLength: pages[0]?.idLength ?? 0,
    itemIds: joinArrays(
      Int32Array,
      pages.map(({ itemIds }) => itemIds),
    ),
    codes: joinArrays(
      Int32Array,
      pages.map(({ codes }) => codes),
    ),
    live: joinArrays(
      Uint8Array,
      pages.map(({ live }) => live),
    ),
  };
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
