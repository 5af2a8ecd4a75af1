/** Writes semantic IDs, and keeps the item counts of their prefixes in step with them. */
import type { CodeChange } from '../../models/decoding/trie';
import { groupBy } from '../../models/math/arrays';
import type { Prisma } from '../../prisma/generated/sqlite/client';
import { forKeys, readByKeys, readInPages } from '../storage/bulk-reads';
import { insertRows } from '../storage/bulk-rows';
import { codesKey, levelOfKey, prefixOfKey } from '../storage/code-keys';
import { forEachYielding } from '../storage/event-loop';
import { allowLongPauses, type Transaction } from '../storage/transaction';

/** Gives each item the whole ID named, in place of the one it had. Leaves the counts as they are. */
export async function writeSemanticIds(
  transaction: Transaction,
  tokenizerId: number,
  items: readonly { readonly itemId: number; readonly codes: readonly number[] }[],
): Promise<void> {
  const itemIds = items.map(({ itemId }) => itemId);
  // Deletes all old rows before it writes any new one: items may swap their IDs.
  await forKeys(itemIds, (some) => transaction.semanticId.deleteMany({ where: { tokenizerId, itemId: { in: some } } }));
  const rows = items.map(({ itemId, codes }) => ({ tokenizerId, itemId, codesKey: codesKey(codes) }));
  await insertRows(transaction, 'SemanticId', rows);
}

/** Writes changes: the new ID of each item that has one, and the counts of all prefixes. */
export async function writeChanges(
  transaction: Transaction,
  tokenizerId: number,
  changes: readonly CodeChange[],
): Promise<void> {
  const rows = changes.flatMap(({ itemId, after }) => (after === null ? [] : [{ itemId, codes: after }]));
  await writeSemanticIds(transaction, tokenizerId, rows);
  await countPrefixes(transaction, tokenizerId, changes);
}

/** Counts each item out of the prefixes of its ID before, and into the prefixes of its ID after. */
export async function countPrefixes(
  transaction: Transaction,
  tokenizerId: number,
  changes: readonly Pick<CodeChange, 'before' | 'after'>[],
): Promise<void> {
  const nodes = new NodeCounts();
  await forEachYielding(changes, ({ before, after }) => {
    if (before !== null) nodes.add(codesKey(before), -1);
    if (after !== null) nodes.add(codesKey(after), 1);
  });
  for (const group of groupBy(nodes.changed(), ({ level }) => level).values()) {
    await applyDeltas(transaction, tokenizerId, group[0].level, group);
  }
}

/** Counts all live items again: a tokenizer that has never been active has no counts yet. */
export async function recountPrefixes(transaction: Transaction, tokenizerId: number): Promise<void> {
  await allowLongPauses(transaction); // counting millions of items takes seconds
  await transaction.semanticIdPrefix.deleteMany({ where: { tokenizerId } });
  const items = await readInPages(
    '',
    (after, take) =>
      transaction.semanticId.findMany({
        where: { tokenizerId, codesKey: { gt: after }, item: { removedAt: null } },
        select: { codesKey: true },
        orderBy: { codesKey: 'asc' },
        take,
      }),
    (row) => row.codesKey,
  );
  await insertRows(transaction, 'SemanticIdPrefix', await prefixRows(tokenizerId, items));
}

/** @returns The counts of the prefixes of a tokenizer whose live items have these IDs. */
export async function prefixRows(
  tokenizerId: number,
  items: readonly { readonly codesKey: string }[],
): Promise<PrefixRow[]> {
  const nodes = new NodeCounts();
  await forEachYielding(items, (row) => nodes.add(row.codesKey, 1));
  return rowsOf(tokenizerId, nodes.changed());
}

/** A prefix, and by how many items its count grows. */
interface NodeChange {
  readonly level: number;
  readonly prefixKey: string;
  delta: number;
}

class NodeCounts {
  private readonly nodes = new Map<string, NodeChange>();

  /** @param key - Of a whole semantic ID. It counts in each of its prefixes. */
  add(key: string, by: number): void {
    const idLength = levelOfKey(key);
    for (let level = 0; level <= idLength; level++) {
      const prefixKey = prefixOfKey(key, level);
      const node = this.nodes.get(prefixKey);
      if (node) node.delta += by;
      else this.nodes.set(prefixKey, { level, prefixKey, delta: by });
    }
  }

  changed(): NodeChange[] {
    return [...this.nodes.values()].filter(({ delta }) => delta !== 0);
  }
}

/** Changes all nodes that change by the same number in one statement: most change by one. */
async function applyDeltas(
  transaction: Transaction,
  tokenizerId: number,
  level: number,
  nodes: readonly NodeChange[],
): Promise<void> {
  const keysOf = (group: readonly NodeChange[]) => group.map(({ prefixKey }) => prefixKey);
  const stored = await readByKeys(keysOf(nodes), (some) =>
    transaction.semanticIdPrefix.findMany({
      where: { tokenizerId, level, prefixKey: { in: some } },
      select: { prefixKey: true },
    }),
  );
  const storedKeys = new Set(stored.map(({ prefixKey }) => prefixKey));
  const [added, known] = [false, true].map((isStored) =>
    nodes.filter(({ prefixKey }) => storedKeys.has(prefixKey) === isStored),
  );
  await insertRows(transaction, 'SemanticIdPrefix', rowsOf(tokenizerId, added));
  for (const [delta, group] of groupBy(known, (node) => node.delta)) {
    const data = { itemCount: { increment: delta } };
    await forKeys(keysOf(group), (some) =>
      transaction.semanticIdPrefix.updateMany({ where: { tokenizerId, level, prefixKey: { in: some } }, data }),
    );
  }
  const shrunk = keysOf(known.filter(({ delta }) => delta < 0));
  await forKeys(shrunk, (some) =>
    transaction.semanticIdPrefix.deleteMany({
      where: { tokenizerId, level, prefixKey: { in: some }, itemCount: { lte: 0 } },
    }),
  );
}

type PrefixRow = Prisma.SemanticIdPrefixCreateManyInput;

function rowsOf(tokenizerId: number, nodes: readonly NodeChange[]): PrefixRow[] {
  return nodes.map(({ level, prefixKey, delta }) => ({ tokenizerId, level, prefixKey, itemCount: delta }));
}
