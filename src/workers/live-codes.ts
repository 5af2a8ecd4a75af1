/** The semantic IDs that a model serves with: a trie of the live items' and a table of all, which histories read. */
import { Trie } from '../../models/decoding/trie';
import { SemanticIdTable } from '../../models/semantic-id/semantic-id-table';
import type { SemanticId } from '../../models/semantic-id/semantic-ids';
import type { CodeChange, CodeTable } from './messages';

/** A value: `with` makes another one. */
export class LiveCodes {
  private constructor(
    readonly trie: Trie,
    private readonly table: SemanticIdTable,
  ) {}

  /**
   * @param live - Beside each row 1 for a live item, 0 for a removed one.
   * @param width - Every code is below it.
   */
  static build({ depth, itemIds, codes }: CodeTable, live: Uint8Array, width: number): LiveCodes {
    const rows = Array.from(itemIds.keys()).filter((row) => live[row] === 1);
    const liveRows = new Int32Array(rows.length * depth);
    rows.forEach((row, i) => liveRows.set(codes.subarray(row * depth, (row + 1) * depth), i * depth));
    const liveIds = Int32Array.from(rows, (row) => itemIds[row]);
    const trie = Trie.build({ depth, width, itemIds: liveIds, codes: liveRows });
    return new LiveCodes(trie, SemanticIdTable.fromRows(depth, itemIds, codes));
  }

  /** @returns The item's latest codes, a removed one's too; null when it has never had any. */
  get(itemId: number): SemanticId | null {
    return this.table.get(itemId);
  }

  /**
   * The trie is copied where it changes. The table is shared: a history may read an item's latest codes.
   *
   * @throws {TrieError} When two items would have one ID, or codes are out of range.
   */
  with(changes: readonly CodeChange[]): LiveCodes {
    const edits = changes.map(({ itemId, codes }) => ({ itemId, before: this.inTrie(itemId), after: codes }));
    const trie = this.trie.with(edits.filter(({ before, after }) => before !== null || after !== null));
    for (const { itemId, codes } of changes) if (codes !== null) this.table.set(itemId, codes);
    return new LiveCodes(trie, this.table);
  }

  /** Codes under which the trie has the item; null when it has not. */
  private inTrie(itemId: number): SemanticId | null {
    const codes = this.table.get(itemId);
    const leaf = codes && this.trie.find(codes);
    return leaf && this.trie.item(leaf) === itemId ? codes : null;
  }
}
