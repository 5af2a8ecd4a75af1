/**
 * All IDs with one first code: their other codes as sorted rows, and a table of the first row of each second code.
 *
 * It is immutable. Codes of later levels are found by search among the few rows with the same codes before.
 */
import { Rows } from '../math/rows';

/** An ID that is taken, absent, or made of codes that the trie cannot hold. */
export class TrieError extends Error {
  override readonly name = 'TrieError';
}

/** The IDs that start with the same `numCodes` codes; a leaf when these are whole IDs. */
export interface TrieNode {
  readonly numCodes: number;
  /** Null at the root. */
  readonly branch: Branch | null;
  /** Rows `low … high-1` of the branch; at the root 0 and the trie's size. */
  readonly low: number;
  readonly high: number;
}

export interface BranchRow {
  readonly itemId: number;
  /** The whole ID, first code included. */
  readonly codes: ArrayLike<number>;
}

interface Edit {
  /** A row of the branch. */
  readonly at: number;
  /** Added before that row; null: that row is removed. */
  readonly row: BranchRow | null;
}

export class Branch {
  private constructor(
    readonly first: number,
    /** Codes per row: those of an ID without its first. */
    private readonly rest: number,
    readonly itemIds: Int32Array,
    /** uint16 `[n, rest]`, lexicographically ascending. */
    private readonly rows: Uint16Array,
    /** Rows of second code c: `offsets[c] … offsets[c + 1] - 1`; int32 `[K + 1]`. */
    private readonly offsets: Int32Array,
  ) {}

  static empty(first: number, idLength: number, codebookSize: number): Branch {
    return new Branch(first, idLength - 1, new Int32Array(0), new Uint16Array(0), new Int32Array(codebookSize + 1));
  }

  /**
   * @param order - The rows of the table that have this first code, by ascending codes.
   * @throws {TrieError} When two rows have one ID.
   */
  static fromSorted(
    table: { idLength: number; codebookSize: number; itemIds: Int32Array; codes: Int32Array },
    order: Int32Array,
  ): Branch {
    const { idLength, codebookSize, codes } = table;
    const rest = idLength - 1;
    const itemIds = new Int32Array(order.length);
    const rows = new Uint16Array(order.length * rest);
    for (let r = 0; r < order.length; r++) {
      itemIds[r] = table.itemIds[order[r]];
      const from = order[r] * idLength + 1;
      for (let level = 0; level < rest; level++) rows[r * rest + level] = codes[from + level];
    }
    return Branch.ofRows(codes[order[0] * idLength], rest, itemIds, rows, codebookSize);
  }

  /** @throws {TrieError} When two rows have one ID. */
  private static ofRows(
    first: number,
    rest: number,
    itemIds: Int32Array,
    rows: Uint16Array,
    codebookSize: number,
  ): Branch {
    const branch = new Branch(first, rest, itemIds, rows, offsetsOf(rows, rest, codebookSize));
    branch.checkUnique();
    return branch;
  }

  get size(): number {
    return this.itemIds.length;
  }

  /**
   * Makes a copy without the removed rows and with the added rows. Both may be in any order.
   *
   * @throws {TrieError} When an item to remove does not have that ID or is named twice, or an ID to add is taken.
   */
  with(removed: readonly BranchRow[], added: readonly BranchRow[]): Branch {
    const { rest } = this;
    const edits = this.edits(removed, added);
    const size = this.size - removed.length + added.length;
    const itemIds = new Int32Array(size);
    const rows = new Uint16Array(size * rest);
    const former = new Rows(this.rows, rest);
    let [read, write] = [0, 0];
    const copyUntil = (end: number) => {
      itemIds.set(this.itemIds.subarray(read, end), write);
      rows.set(former.slice(read, end), write * rest);
      write += end - read;
      read = end;
    };
    for (const { at, row } of edits) {
      copyUntil(at);
      if (row === null) {
        read++;
        continue;
      }
      itemIds[write] = row.itemId;
      for (let level = 0; level < rest; level++) rows[write * rest + level] = row.codes[level + 1];
      write++;
    }
    copyUntil(this.size);
    return Branch.ofRows(this.first, rest, itemIds, rows, this.offsets.length - 1);
  }

  /** Where rows are added or removed, in ascending order; what is added at a row that is removed comes before it. */
  private edits(removed: readonly BranchRow[], added: readonly BranchRow[]): Edit[] {
    const gone = Int32Array.from(removed, (row) => this.rowOf(row)).sort();
    const twice = gone.find((row, i) => row === gone[i - 1]);
    if (twice !== undefined)
      throw new TrieError(`item ${this.itemIds[twice]}: expected to be removed once, got it twice`);
    const inserted = added.toSorted((a, b) => compareRest(a.codes, b.codes));
    const edits: Edit[] = inserted.map((row) => ({ at: this.lowerBound(row.codes), row }));
    for (const at of gone) edits.push({ at, row: null });
    return edits.sort((a, b) => a.at - b.at);
  }

  childCodes(node: TrieNode, out: Int32Array): number {
    let n = 0;
    if (node.numCodes === 1) {
      const codebookSize = this.offsets.length - 1;
      for (let code = 0; code < codebookSize; code++) if (this.offsets[code] < this.offsets[code + 1]) out[n++] = code;
      return n;
    }
    const column = node.numCodes - 1;
    for (let row = node.low; row < node.high;) {
      const code = this.rows[row * this.rest + column];
      out[n++] = code;
      row = this.firstAbove(column, code, row + 1, node.high);
    }
    return n;
  }

  child(node: TrieNode, code: number): TrieNode | null {
    const numCodes = node.numCodes + 1;
    let low: number;
    let high: number;
    if (node.numCodes === 1) {
      low = this.offsets[code];
      high = this.offsets[code + 1];
    } else {
      low = this.firstAbove(node.numCodes - 1, code - 1, node.low, node.high);
      high = this.firstAbove(node.numCodes - 1, code, low, node.high);
    }
    return low < high ? { numCodes, branch: this, low, high } : null;
  }

  private codesOf(row: number): number[] {
    return [this.first, ...new Rows(this.rows, this.rest).row(row)];
  }

  /**
   * The first row in `from … to-1` whose code in the column is above `code`; `to` when none is. The step doubles at each try, since most
   * runs are short.
   */
  private firstAbove(column: number, code: number, from: number, to: number): number {
    let low = from;
    let step = 1;
    while (low + step <= to && this.rows[(low + step - 1) * this.rest + column] <= code) {
      low += step;
      step *= 2;
    }
    let high = Math.min(to, low + step - 1);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.rows[middle * this.rest + column] <= code) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first row whose codes are not below these. */
  private lowerBound(codes: ArrayLike<number>): number {
    let low = this.offsets[codes[1]];
    let high = this.offsets[codes[1] + 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.compareRow(middle, codes) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private rowOf({ itemId, codes }: BranchRow): number {
    const row = this.lowerBound(codes);
    if (row < this.size && this.compareRow(row, codes) === 0 && this.itemIds[row] === itemId) return row;
    throw new TrieError(`item ${itemId}: expected it to have the ID [${Array.from(codes).join(', ')}], it does not`);
  }

  private compareRow(row: number, codes: ArrayLike<number>): number {
    for (let level = 0; level < this.rest; level++) {
      const difference = this.rows[row * this.rest + level] - codes[level + 1];
      if (difference !== 0) return difference;
    }
    return 0;
  }

  private checkUnique(): void {
    const { rest, rows } = this;
    for (let row = 1; row < this.size; row++) {
      let level = 0;
      while (level < rest && rows[row * rest + level] === rows[(row - 1) * rest + level]) level++;
      if (level < rest) continue;
      const [a, b] = [this.itemIds[row - 1], this.itemIds[row]];
      throw new TrieError(`ID [${this.codesOf(row).join(', ')}]: expected one item, got ${a} and ${b}`);
    }
  }
}

function offsetsOf(rows: Uint16Array, rest: number, codebookSize: number): Int32Array {
  const offsets = new Int32Array(codebookSize + 1);
  for (let i = 0; i < rows.length; i += rest) offsets[rows[i] + 1]++;
  for (let code = 0; code < codebookSize; code++) offsets[code + 1] += offsets[code];
  return offsets;
}

function compareRest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (let level = 1; level < a.length; level++) if (a[level] !== b[level]) return a[level] - b[level];
  return 0;
}
