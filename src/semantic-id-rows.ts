/** Writes semantic IDs, and keeps the counts of the trie's nodes in step with them. */
import type { ItemChange } from './change-log';
import { codesKey, codesOfKey } from './code-keys';
import type { Transaction } from './database';

/** Gives each item the whole ID named, in place of the one it had. Counts are not touched. */
export async function writeSemanticIds(
  transaction: Transaction,
  tokenizerId: number,
  items: readonly { readonly itemId: number; readonly codes: readonly number[] }[],
): Promise<void> {
  const itemIds = items.map(({ itemId }) => itemId);
  // All old rows go before any new one comes: items may swap.
  await transaction.semanticId.deleteMany({ where: { tokenizerId, itemId: { in: itemIds } } });
  await transaction.semanticId.createMany({
    data: items.map(({ itemId, codes }) => ({ tokenizerId, itemId, codesKey: codesKey(codes) })),
  });
}

/** Counts the items out of the nodes above their IDs before, and into those above their IDs after. */
export async function countPrefixes(
  transaction: Transaction,
  tokenizerId: number,
  changes: readonly Pick<ItemChange, 'before' | 'after'>[],
): Promise<void> {
  const deltas = new Map<string, { level: number; prefixKey: string; delta: number }>();
  for (const { before, after } of changes) {
    addAlongPath(deltas, before, -1);
    addAlongPath(deltas, after, 1);
  }
  const nodes = [...deltas.values()].filter(({ delta }) => delta !== 0);
  for (const group of groupBy(nodes, ({ level }) => level).values()) {
    await applyDeltas(transaction, tokenizerId, group[0].level, group);
  }
}

/** Counts all live items anew: a tokenizer's counts are kept in step only while it is live. */
export async function recountPrefixes(transaction: Transaction, tokenizerId: number): Promise<void> {
  await transaction.semanticIdPrefix.deleteMany({ where: { tokenizerId } });
  const rows = await transaction.semanticId.findMany({
    where: { tokenizerId, item: { removedAt: null } },
    select: { codesKey: true },
  });
  const changes = rows.map(({ codesKey }) => ({ before: null, after: codesOfKey(codesKey) }));
  await countPrefixes(transaction, tokenizerId, changes);
}

function addAlongPath(
  deltas: Map<string, { level: number; prefixKey: string; delta: number }>,
  codes: readonly number[] | null,
  by: number,
): void {
  if (codes === null) return;
  for (let level = 0; level <= codes.length; level++) {
    const prefixKey = codesKey(codes.slice(0, level));
    const node = deltas.get(prefixKey);
    if (node) node.delta += by;
    else deltas.set(prefixKey, { level, prefixKey, delta: by });
  }
}

/** Nodes that change by the same number change in one statement: most change by one. */
async function applyDeltas(
  transaction: Transaction,
  tokenizerId: number,
  level: number,
  nodes: readonly { prefixKey: string; delta: number }[],
): Promise<void> {
  const keys = nodes.map(({ prefixKey }) => prefixKey);
  const rows = await transaction.semanticIdPrefix.findMany({
    where: { tokenizerId, level, prefixKey: { in: keys } },
    select: { prefixKey: true },
  });
  const existing = new Set(rows.map(({ prefixKey }) => prefixKey));
  const fresh = nodes.filter(({ prefixKey }) => !existing.has(prefixKey));
  await transaction.semanticIdPrefix.createMany({
    data: fresh.map(({ prefixKey, delta }) => ({ tokenizerId, level, prefixKey, itemCount: delta })),
  });
  const known = nodes.filter(({ prefixKey }) => existing.has(prefixKey));
  for (const [delta, group] of groupBy(known, (node) => node.delta)) {
    await transaction.semanticIdPrefix.updateMany({
      where: { tokenizerId, level, prefixKey: { in: group.map(({ prefixKey }) => prefixKey) } },
      data: { itemCount: { increment: delta } },
    });
  }
  if (known.some(({ delta }) => delta < 0)) {
    await transaction.semanticIdPrefix.deleteMany({ where: { tokenizerId, level, itemCount: { lte: 0 } } });
  }
}

function groupBy<T, K>(values: readonly T[], keyOf: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group) group.push(value);
    else groups.set(keyOf(value), [value]);
  }
  return groups;
}
