/** The semantic IDs that a model serves with: a trie of the live items, and a table of all items, which histories read. */
import { Trie, type CodeChange } from '../../models/decoding/trie';
import { Rows } from '../../models/math/rows';
import { SemanticIdTable, type SemanticId } from '../../models/semantic-id/semantic-ids';
import type { CodeTable } from './messages';

/** A value: `with` makes another one. */
export class LiveCodes {
  private constructor(
    readonly trie: Trie,
    private readonly table: SemanticIdTable,
  ) {}

  /**
   * @param live - For each row 1 for a live item, 0 for a removed one.
   * @param codebookSize - Every code is below it.
   */
  static build(table: CodeTable, live: Uint8Array, codebookSize: number): LiveCodes {
    const trie = Trie.build({ ...liveRows(table, live), codebookSize });
    return new LiveCodes(trie, SemanticIdTable.fromRows(table));
  }

  /** @returns The item's latest codes, a removed item's too; null when it has never had any. */
  get(itemId: number): SemanticId | null {
    return this.table.get(itemId);
  }

  /**
   * The trie is copied where it changes. The table is shared: a history may read an item's latest codes.
   *
   * @throws {TrieError} When an item is not where the change says, two items would have one ID, or codes are out of range.
   */
  with(changes: readonly CodeChange[]): LiveCodes {
    const trie = this.trie.with(changes);
    for (const { itemId, after } of changes) if (after !== null) this.table.set(itemId, after);
    return new LiveCodes(trie, this.table);
  }
}

function liveRows(table: CodeTable, live: Uint8Array): CodeTable {
  if (!live.includes(0)) return table;
  const { idLength, itemIds, codes } = table;
  const rows = Array.from(itemIds.keys()).filter((row) => live[row] === 1);
  return {
    idLength,
    itemIds: Int32Array.from(rows, (row) => itemIds[row]),
    codes: new Rows(codes, idLength).pick(rows).values,
  };
}
