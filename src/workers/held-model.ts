/** The model that a decode worker makes lists with, and the semantic IDs that it serves with. */
import { Trie, type CodeChange } from '../../models/decoding/trie';
import { Rows } from '../../models/math/rows';
import { SemanticIdTable, type SemanticId } from '../../models/semantic-id/semantic-ids';
import type { CodeChanges, CodeTable } from './messages';

/** All that a list is made from. It is never changed, only replaced as a whole, so that a list never mixes two versions. */
export interface HeldModel<Model> {
  readonly modelVersionId: number;
  /** The tokenizer of the codes. */
  readonly tokenizerId: number;
  readonly catalogueVersion: number;
  readonly model: Model;
  readonly codes: LiveCodes;
}

/** Holds the live model. */
export class LiveModel<Model extends { disposeWhenIdle(): void }> {
  private present: HeldModel<Model> | null = null;

  get held(): HeldModel<Model> | null {
    return this.present;
  }

  /** Lists that are being made keep the former model until they are made. */
  replace(next: HeldModel<Model>): void {
    this.present?.model.disposeWhenIdle();
    this.present = next;
  }

  /**
   * Applies a change to the live model; lists that are being made keep the state before it. A change that is not newer than the
   * model is ignored: the model was loaded with it, and its codes may be those of another tokenizer.
   *
   * @throws {TrieError} When the change does not fit the trie. Then no model is live, since this one has missed a change.
   */
  apply({ changes, catalogueVersion }: CodeChanges): void {
    const { present } = this;
    if (present === null || catalogueVersion <= present.catalogueVersion) return;
    try {
      this.present = { ...present, codes: present.codes.with(changes), catalogueVersion };
    } catch (error) {
      this.present = null;
      present.model.disposeWhenIdle();
      throw error;
    }
  }
}

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
