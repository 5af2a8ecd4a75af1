/** Item id → semantic ID in one flat array: ids are small whole numbers that a database gave out one after another. */
import type { CodeTable } from './code-table';
import type { SemanticId } from './semantic-ids';

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
