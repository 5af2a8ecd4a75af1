/** Rebuilds the semantic IDs, and which items were live, as they were at a former version of the catalogue: the log keeps every change. */
import { placeOf } from '../../models/math/arrays';
import { Rows } from '../../models/math/rows';
import type { PrismaClient } from '../../prisma/generated/sqlite/client';
import { changedItems } from '../storage/change-log-reads';
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
  const [looked, moved] = [new Set<number>(), new Set<number>()];
  for await (const { items } of changedItems(client, version)) {
    for (const { itemId, beforeKey, afterKey, wasLive, ...change } of items) {
      const row = placeOf(table.itemIds, itemId);
      if (table.itemIds[row] !== itemId) continue;
      if (!looked.has(itemId)) live[row] = Number(wasLive);
      looked.add(itemId);
      if (beforeKey === afterKey || moved.has(itemId) || change.tokenizerId !== tokenizerId) continue;
      moved.add(itemId);
      if (beforeKey !== null) codes.set(row, codesOfKey(beforeKey));
      else live[row] = 0; // it had no codes yet, or was not live
    }
  }
  return { ...model, catalogueVersion: version };
}
