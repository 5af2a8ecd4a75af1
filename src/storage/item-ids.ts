/** Which items there are. */
import { readByKeys } from './bulk-reads';
import type { Transaction } from './transaction';

/** @returns External ID → id, of the items that exist, removed ones too. */
export async function itemIdsOf(client: Transaction, externalIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await readByKeys([...new Set(externalIds)], (some) =>
    client.item.findMany({ where: { externalId: { in: some } }, select: { id: true, externalId: true } }),
  );
  return new Map(rows.map((row) => [row.externalId, row.id]));
}

/** @returns Those of the items that exist and are not removed. */
export async function liveItemIds(client: Transaction, itemIds: readonly number[]): Promise<Set<number>> {
  const rows = await readByKeys(itemIds, (some) =>
    client.item.findMany({ where: { id: { in: some }, removedAt: null }, select: { id: true } }),
  );
  return new Set(rows.map(({ id }) => id));
}
