/** Writes semantic IDs, and keeps the counts of the trie's nodes in step with them. */
import { insertRows } from './bulk-rows';
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
  const rows = items.map(({ itemId, codes }) => ({ tokenizerId, itemId, codesKey: codesKey(codes) }));
  await insertRows(transaction, 'SemanticId', rows);
}

/** Counts the items out of the nodes above their IDs before, and into those above their IDs after. */
export async function countPrefixes(
  transaction: Transaction,
  tokenizerId: number,
  changes: readonly Pick<ItemChange, 'before' | 'after'>[],
): Promise<void> {
  const nodes = nodesOf(changes).filter(({ delta }) => delta !== 0);
  for (const group of groupBy(nodes, ({ level }) => level).values()) {
    await applyDeltas(transaction, tokenizerId, group[0].level, group);
  }
}

/** Counts all live items anew: a tokenizer's counts are kept in step only while it is live. */
export async function recountPrefixes(transaction: Transaction, tokenizerId: number): Promise<void> {
  await transaction.semanticIdPrefix.deleteMany({ where: { tokenizerId } });
  const items = await transaction.semanticId.findMany({
    where: { tokenizerId, item: { removedAt: null } },
    select: { codesKey: true },
  });
  const nodes = nodesOf(items.map(({ codesKey }) => ({ before: null, after: codesOfKey(codesKey) })));
  await insertNodes(transaction, tokenizerId, nodes);
}

/** A node of the trie, and by how many items it grows. */
interface NodeChange {
  readonly level: number;
  readonly prefixKey: string;
  delta: number;
}

function nodesOf(changes: readonly Pick<ItemChange, 'before' | 'after'>[]): NodeChange[] {
  const nodes = new Map<string, NodeChange>();
  const addAlongPath = (codes: readonly number[], by: number) => {
    for (let level = 0; level <= codes.length; level++) {
      const prefixKey = codesKey(codes.slice(0, level));
      const node = nodes.get(prefixKey);
      if (node) node.delta += by;
      else nodes.set(prefixKey, { level, prefixKey, delta: by });
    }
  };
  for (const { before, after } of changes) {
    if (before !== null) addAlongPath(before, -1);
    if (after !== null) addAlongPath(after, 1);
  }
  return [...nodes.values()];
}

/** Nodes that change by the same number change in one statement: most change by one. */
async function applyDeltas(
  transaction: Transaction,
  tokenizerId: number,
  level: number,
  nodes: readonly NodeChange[],
): Promise<void> {
  const keysOf = (group: readonly NodeChange[]) => ({ in: group.map(({ prefixKey }) => prefixKey) });
  const where = { tokenizerId, level, prefixKey: keysOf(nodes) };
  const stored = await transaction.semanticIdPrefix.findMany({ where, select: { prefixKey: true } });
  const storedKeys = new Set(stored.map(({ prefixKey }) => prefixKey));
  const [fresh, known] = [false, true].map((isStored) =>
    nodes.filter(({ prefixKey }) => storedKeys.has(prefixKey) === isStored),
  );
  await insertNodes(transaction, tokenizerId, fresh);
  for (const [delta, group] of groupBy(known, (node) => node.delta)) {
    await transaction.semanticIdPrefix.updateMany({
      where: { tokenizerId, level, prefixKey: keysOf(group) },
      data: { itemCount: { increment: delta } },
    });
  }
  if (known.some(({ delta }) => delta < 0)) {
    await transaction.semanticIdPrefix.deleteMany({ where: { tokenizerId, level, itemCount: { lte: 0 } } });
  }
}

function insertNodes(transaction: Transaction, tokenizerId: number, nodes: readonly NodeChange[]): Promise<void> {
  const rows = nodes.map(({ level, prefixKey, delta }) => ({ tokenizerId, level, prefixKey, itemCount: delta }));
  return insertRows(transaction, 'SemanticIdPrefix', rows);
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
