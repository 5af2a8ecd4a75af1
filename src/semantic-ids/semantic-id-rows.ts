/** Writes semantic IDs, and keeps the item counts of their prefixes in step with them. */
import type { CodeChange } from '../../models/decoding/trie';
import type { SemanticIdPrefix } from '../../prisma/generated/sqlite/client';
import { forKeys } from '../storage/bulk-reads';
import { addToPrefixes, insertRows } from '../storage/bulk-rows';
import { codesKey, levelOfKey, prefixOfKey } from '../storage/code-keys';
import { forEachYielding } from '../storage/event-loop';
import type { Transaction } from '../storage/transaction';

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
  const rows = nodes.rowsOf(tokenizerId).filter(({ itemCount }) => itemCount !== 0);
  await addToPrefixes(transaction, rows);
  const levels = [...new Set(rows.map(({ level }) => level))];
  await transaction.semanticIdPrefix.deleteMany({
    where: { tokenizerId, level: { in: levels }, itemCount: { lte: 0 } },
  });
}

/** @returns The counts of the prefixes of a tokenizer whose live items have these IDs. */
export async function prefixRows(
  tokenizerId: number,
  items: readonly { readonly codesKey: string }[],
): Promise<SemanticIdPrefix[]> {
  const nodes = new NodeCounts();
  await forEachYielding(items, (row) => nodes.add(row.codesKey, 1));
  return nodes.rowsOf(tokenizerId);
}

class NodeCounts {
  private readonly counts = new Map<string, number>();

  /** @param key - Of a whole semantic ID. It counts in each of its prefixes. */
  add(key: string, by: number): void {
    const idLength = levelOfKey(key);
    for (let level = 0; level <= idLength; level++) {
      const prefixKey = prefixOfKey(key, level);
      this.counts.set(prefixKey, (this.counts.get(prefixKey) ?? 0) + by);
    }
  }

  rowsOf(tokenizerId: number): SemanticIdPrefix[] {
    return Array.from(this.counts, ([prefixKey, itemCount]) => {
      return { tokenizerId, level: levelOfKey(prefixKey), prefixKey, itemCount };
    });
  }
}
