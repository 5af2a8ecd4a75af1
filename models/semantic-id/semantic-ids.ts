/** The semantic ID as a value: its type, its printed form, and tables of the IDs of many items. */
import { Rows } from '../math/rows';

/** Codes coarse to fine; the last is the collision token, which tells apart items whose codes are equal. */
export type SemanticId = readonly number[];

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Prints `<a_12><b_24><c_52><d_0>`, with a letter per level, so that equal codes of two levels differ. */
export function printSemanticId(id: SemanticId): string {
  return id.map((code, level) => `<${LETTERS[level]}_${code}>`).join('');
}

/** Row r has item `itemIds[r]` and codes `codes[r * idLength … r * idLength + idLength - 1]`. */
export interface CodeTable {
  /** Codes an ID has, the collision token included. */
  readonly idLength: number;
  /** int32 `[N]`. */
  readonly itemIds: Int32Array;
  /** int32 `[N, idLength]`. */
  readonly codes: Int32Array;
}

/** @param semanticIds - One for each item. */
export function codeTableOf(itemIds: Int32Array, semanticIds: readonly SemanticId[]): CodeTable {
  return { idLength: semanticIds[0]?.length ?? 0, itemIds, codes: Int32Array.from(semanticIds.flat()) };
}

/** @returns Item id → semantic ID. */
export function idsByItem({ idLength, itemIds, codes }: CodeTable): Map<number, SemanticId> {
  const rows = new Rows(codes, idLength);
  return new Map(Array.from(itemIds, (itemId, row) => [itemId, Array.from(rows.row(row))]));
}

const ABSENT = 0xffff;

export class SemanticIdTable {
  private codes: Uint16Array;

  /** @param idLength - Codes of an ID, the collision token included; each below 65,535. */
  constructor(
    readonly idLength: number,
    capacity = 1024,
  ) {
    this.codes = new Uint16Array(capacity * idLength).fill(ABSENT);
  }

  static fromRows({ idLength, itemIds, codes }: CodeTable): SemanticIdTable {
    const largest = itemIds.reduce((a, b) => Math.max(a, b), 0);
    const table = new SemanticIdTable(idLength, largest + 1);
    itemIds.forEach((itemId, row) => {
      for (let level = 0; level < idLength; level++)
        table.codes[itemId * idLength + level] = codes[row * idLength + level];
    });
    return table;
  }

  /** @returns The item's codes; null when it has none. */
  get(itemId: number): SemanticId | null {
    const at = itemId * this.idLength;
    if (!(at >= 0 && at < this.codes.length) || this.codes[at] === ABSENT) return null;
    return Array.from(this.codes.subarray(at, at + this.idLength));
  }

  set(itemId: number, codes: SemanticId): void {
    this.reserve(itemId + 1);
    this.codes.set(codes, itemId * this.idLength);
  }

  private reserve(items: number): void {
    if (items * this.idLength <= this.codes.length) return;
    const grown = new Uint16Array(Math.max(items, (this.codes.length / this.idLength) * 2) * this.idLength).fill(
      ABSENT,
    );
    grown.set(this.codes);
    this.codes = grown;
  }
}
