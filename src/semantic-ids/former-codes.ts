/** Rebuilds the semantic IDs, and which items were live, as they were at a former version of the catalogue: the log keeps every change. */
import { placeOf } from '../../models/math/arrays';
import { Rows } from '../../models/math/rows';
import type { PrismaClient } from '../../prisma/generated/sqlite/client';
import { readInPages } from '../storage/bulk-reads';
import { currentVersion, type LogRow, rowsAfter } from '../storage/change-log-reads';
import { codesOfKey } from '../storage/code-keys';
import type { ModelToLoad } from '../workers/messages';

/**
 * Takes back, item by item, the first change since then. Items that were deleted since are not in the model's table, and stay away. Under a
 * tokenizer that was not active at that version, items have the codes that they have now.
 *
 * @param model - As it is now; its arrays are written to.
 */
export async function atFormerVersion(client: PrismaClient, model: ModelToLoad, version: number): Promise<ModelToLoad> {
  const { table, live, tokenizerId } = model;
  const codes = new Rows(table.codes, table.idLength);
  const ofTokenizer = await versionsOfTokenizer(client, version, tokenizerId);
  const [looked, moved] = [new Set<number>(), new Set<number>()];
  for (const change of await changesAfter(client, version)) {
    const { itemId, beforeKey, afterKey, wasLive } = change;
    const row = placeOf(table.itemIds, itemId);
    if (table.itemIds[row] !== itemId) continue;
    if (!looked.has(itemId)) live[row] = Number(wasLive);
    looked.add(itemId);
    if (beforeKey === afterKey || moved.has(itemId) || !ofTokenizer.has(change.version)) continue;
    moved.add(itemId);
    if (beforeKey !== null) codes.set(row, codesOfKey(beforeKey));
    else live[row] = 0; // it had no codes yet, or was not live
  }
  return { ...model, catalogueVersion: version };
}

/** @returns Numbers of the later changes whose codes are the tokenizer's. */
async function versionsOfTokenizer(client: PrismaClient, version: number, tokenizerId: number): Promise<Set<number>> {
  const rows = await rowsAfter(client, version, await currentVersion(client));
  const isOf = ({ payload }: LogRow) => (payload as { tokenizerId?: number | null }).tokenizerId === tokenizerId;
  return new Set(rows.filter(isOf).map((row) => row.version));
}

interface CodeEvent {
  readonly version: number;
  readonly itemId: number;
  readonly beforeKey: string | null;
  readonly afterKey: string | null;
  readonly wasLive: boolean;
}

/** @returns What came, went or got other codes, oldest first. Changes of fields alone stay in the database. */
function changesAfter(client: PrismaClient, since: number): Promise<CodeEvent[]> {
  const { catalogueLogItem } = client;
  const isToRead = {
    OR: [
      { wasLive: false },
      { isLive: false },
      { beforeKey: null },
      { afterKey: null },
      { beforeKey: { not: { equals: catalogueLogItem.fields.afterKey } } },
    ],
  };
  return readInPages<CodeEvent, Pick<CodeEvent, 'version' | 'itemId'>>(
    { version: since + 1, itemId: 0 },
    ({ version, itemId }, take) =>
      catalogueLogItem.findMany({
        where: {
          version: { gte: version },
          AND: [isToRead, { OR: [{ version: { gt: version } }, { version, itemId: { gt: itemId } }] }],
        },
        select: { version: true, itemId: true, beforeKey: true, afterKey: true, wasLive: true },
        orderBy: [{ version: 'asc' }, { itemId: 'asc' }],
        take,
      }),
    (row) => row,
  );
}
