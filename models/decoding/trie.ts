/**
 * The tree of all valid semantic IDs: which code may follow which, and which item an ID names. No tensors here.
 *
 * It is immutable: `with` copies the branches that a change touches and shares the others, so that a reader of a trie keeps one
 * consistent catalogue. A node is a range of rows in a branch and stays valid as long as it is referenced.
 */
import { Rows } from '../math/rows';
import { Branch, type BranchRow, type TrieNode, TrieError } from './branch';
import { RestrictedTrie, type Restriction } from './restricted-trie';
import type { TrieView } from './trie-view';

/** Row r has item `itemIds[r]` and codes `codes[r * idLength … r * idLength + idLength - 1]`, the collision token last. */
export interface TrieRows {
  readonly idLength: number;
  /** Codes per level, K: every code is in `0 … K-1`; 65,536 at most, since a branch stores codes as uint16. */
  readonly codebookSize: number;
  readonly itemIds: Int32Array;
  /** int32 `[N, idLength]`. */
  readonly codes: Int32Array;
}

/** An item's whole semantic ID before and after a change; null: the item is not in the trie. */
export interface CodeChange {
  readonly itemId: number;
  readonly before: readonly number[] | null;
  readonly after: readonly number[] | null;
}

export class Trie implements TrieView {
  private constructor(
    readonly idLength: number,
    readonly codebookSize: number,
    readonly size: number,
    /** One for each first code; null where no ID has it. */
    private readonly branches: readonly (Branch | null)[],
  ) {}

  /**
   * Builds a trie from rows in any order.
   *
   * @throws {TrieError} When a code is out of range or two items have one ID; the message names them.
   */
  static build(rows: TrieRows): Trie {
    checkRows(rows);
    const { idLength, codebookSize, itemIds, codes } = rows;
    const branches = new Array<Branch | null>(codebookSize).fill(null);
    for (const order of sortedBranches(rows)) branches[codes[order[0] * idLength]] = Branch.fromSorted(rows, order);
    return new Trie(idLength, codebookSize, itemIds.length, branches);
  }

  /**
   * Builds the trie of a list of items, in which item r has the r-th ID.
   *
   * @throws {TrieError} As `build`.
   */
  static ofItems(semanticIds: readonly (readonly number[])[], codebookSize: number): Trie {
    const idLength = semanticIds[0]?.length ?? 2;
    const codes = new Rows(new Int32Array(semanticIds.length * idLength), idLength);
    semanticIds.forEach((id, row) => codes.set(row, id));
    return Trie.build({ idLength, codebookSize, itemIds: Int32Array.from(semanticIds.keys()), codes: codes.values });
  }

  /**
   * Applies all changes at once, so that two items may swap their IDs. This trie stays as it is.
   *
   * @throws {TrieError} When an ID is taken or given twice, a code is out of range, or `before` is not the item's ID.
   */
  with(changes: readonly CodeChange[]): Trie {
    const branches = this.branches.slice();
    let size = this.size;
    for (const [first, { removed, added }] of this.byBranch(changes)) {
      const branch = branches[first] ?? Branch.empty(first, this.idLength, this.codebookSize);
      const changed = branch.with(removed, added);
      branches[first] = changed.size === 0 ? null : changed;
      size += changed.size - branch.size;
    }
    return new Trie(this.idLength, this.codebookSize, size, branches);
  }

  root(): TrieNode {
    return { numCodes: 0, branch: null, low: 0, high: this.size };
  }

  childCodes(node: TrieNode, out: Int32Array): number {
    if (node.branch !== null) return node.branch.childCodes(node, out);
    let n = 0;
    for (let code = 0; code < this.codebookSize; code++) if (this.branches[code] !== null) out[n++] = code;
    return n;
  }

  child(node: TrieNode, code: number): TrieNode | null {
    if (node.branch !== null) return node.branch.child(node, code);
    const branch = this.branches[code] ?? null;
    return branch && { numCodes: 1, branch, low: 0, high: branch.size };
  }

  count(node: TrieNode): number {
    return node.high - node.low;
  }

  /** @throws {TrieError} When the node is not a leaf. */
  item(leaf: TrieNode): number {
    if (leaf.branch === null || leaf.numCodes !== this.idLength) {
      throw new TrieError(`leaf: expected a node of ${this.idLength} codes, got ${leaf.numCodes}`);
    }
    return leaf.branch.itemIds[leaf.low];
  }

  /** The items by their first code; a trie made by `with` shares the branches without a change. */
  *filledBranches(): Generator<Branch> {
    for (const branch of this.branches) if (branch !== null) yield branch;
  }

  /** A view in which only qualifying items exist: no prefix without one is ever offered. */
  restrict(restriction: Restriction): TrieView {
    return new RestrictedTrie(this, restriction);
  }

  private byBranch(changes: readonly CodeChange[]): Map<number, { removed: BranchRow[]; added: BranchRow[] }> {
    const touched = new Map<number, { removed: BranchRow[]; added: BranchRow[] }>();
    const edits = (codes: readonly number[]) => {
      this.checkCodes(codes);
      const found = touched.get(codes[0]) ?? { removed: [], added: [] };
      touched.set(codes[0], found);
      return found;
    };
    for (const { itemId, before, after } of changes) {
      if (before !== null) edits(before).removed.push({ itemId, codes: before });
      if (after !== null) edits(after).added.push({ itemId, codes: after });
    }
    return touched;
  }

  private checkCodes(codes: readonly number[]): void {
    const isValid = (code: number) => Number.isInteger(code) && code >= 0 && code < this.codebookSize;
    if (codes.length === this.idLength && codes.every(isValid)) return;
    throw new TrieError(`codes: expected ${this.idLength} in 0 … ${this.codebookSize - 1}, got [${codes.join(', ')}]`);
  }
}

function checkRows({ idLength, codebookSize, itemIds, codes }: TrieRows): void {
  for (let i = 0; i < codes.length; i++) {
    if (codes[i] >= 0 && codes[i] < codebookSize) continue;
    const itemId = itemIds[Math.floor(i / idLength)];
    throw new TrieError(
      `item ${itemId}: expected codes in 0 … ${codebookSize - 1}, got ${codes[i]} at level ${i % idLength}`,
    );
  }
}

/**
 * Sorts semantic IDs. The rows of one first code are sorted, and used, before those of the next: so what is read again and again stays in
 * the processor's caches, whatever the size of the catalogue.
 *
 * @returns For each first code that IDs have, ascending, the numbers of its rows in ascending order of codes.
 */
function* sortedBranches(table: TrieRows): Generator<Int32Array> {
  const { idLength, codes } = table;
  const all = new Int32Array(codes.length / idLength);
  // Filled by a loop: `from` with a function takes a tenth of a second for a million rows.
  for (let row = 0; row < all.length; row++) all[row] = row;
  const order = sortedByLevel(table, 0, all);
  for (let low = 0, high = 0; low < order.length; low = high) {
    const first = codes[order[low] * idLength];
    while (high < order.length && codes[order[high] * idLength] === first) high++;
    yield sortedBranch(table, order.subarray(low, high));
  }
}

/** Sorts by one code after the other, the last first: rows with one code stay in the order of the codes behind it. */
function sortedBranch(table: TrieRows, rows: Int32Array): Int32Array {
  let order = rows;
  for (let level = table.idLength - 1; level > 0; level--) order = sortedByLevel(table, level, order);
  return order;
}

/** @returns A copy sorted by counting; rows with one code stay in their order. */
function sortedByLevel({ idLength, codebookSize, codes }: TrieRows, level: number, rows: Int32Array): Int32Array {
  const next = new Int32Array(codebookSize + 1);
  for (const row of rows) next[codes[row * idLength + level] + 1]++;
  for (let code = 0; code < codebookSize; code++) next[code + 1] += next[code];
  const order = new Int32Array(rows.length);
  for (const row of rows) order[next[codes[row * idLength + level]]++] = row;
  return order;
}
