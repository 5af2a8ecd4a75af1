/** A trie behind a filter: only prefixes with a qualifying item exist. It counts qualifying items instead of copying them. */
import { Rows } from '../math/rows';
import type { Branch, TrieNode } from './branch';
import { type TrieView, childrenOf, findPrefix } from './trie-view';

export interface Restriction {
  /** Only these items; absent: all. */
  readonly allow?: AllowMask;
  /** Never these. */
  readonly deny?: DenyList;
}

/** Items and their IDs; int32 `[n]` and `[n, idLength]`. An item that has another ID in the trie is not denied. */
export interface DenyList {
  readonly itemIds: Int32Array;
  readonly codes: Int32Array;
}

/**
 * A set of items, with counts by branch that are computed on first use and kept. Reuse it as long as the filter is the same:
 * branches are immutable, so the counts are also valid for later versions of the trie.
 */
export class AllowMask {
  private readonly bits: Uint32Array;
  private readonly counts = new WeakMap<Branch, Int32Array>();

  /** @param itemIds - Item ids, 0 or above, in any order. */
  constructor(itemIds: Int32Array) {
    let largest = -1;
    for (const id of itemIds) if (id > largest) largest = id;
    this.bits = new Uint32Array((largest + 32) >>> 5);
    for (const id of itemIds) this.bits[id >>> 5] |= 1 << (id & 31);
  }

  has(itemId: number): boolean {
    return ((this.bits[itemId >>> 5] >>> (itemId & 31)) & 1) === 1;
  }

  /** @returns How many items in rows `low … high-1` of the branch are allowed. */
  count(branch: Branch, low: number, high: number): number {
    const sums = this.counts.get(branch) ?? this.sumUp(branch);
    return sums[high] - sums[low];
  }

  private sumUp(branch: Branch): Int32Array {
    const sums = new Int32Array(branch.size + 1);
    for (let row = 0; row < branch.size; row++) sums[row + 1] = sums[row] + (this.has(branch.itemIds[row]) ? 1 : 0);
    this.counts.set(branch, sums);
    return sums;
  }
}

export class RestrictedTrie implements TrieView {
  readonly idLength: number;
  readonly codebookSize: number;
  private readonly allow: AllowMask | null;
  /** Rows of denied items that would be allowed, each once. */
  private readonly denied: ReadonlyMap<Branch, readonly number[]>;

  constructor(
    private readonly whole: TrieView,
    { allow, deny }: Restriction,
  ) {
    this.idLength = whole.idLength;
    this.codebookSize = whole.codebookSize;
    this.allow = allow ?? null;
    this.denied = deny === undefined ? new Map() : deniedRows(whole, deny, this.allow);
  }

  root(): TrieNode {
    return this.whole.root();
  }

  childCodes(node: TrieNode, out: Int32Array): number {
    const offered = this.whole.childCodes(node, out);
    let n = 0;
    for (let i = 0; i < offered; i++) if (this.child(node, out[i]) !== null) out[n++] = out[i];
    return n;
  }

  child(node: TrieNode, code: number): TrieNode | null {
    const child = this.whole.child(node, code);
    return child !== null && this.count(child) > 0 ? child : null;
  }

  count(node: TrieNode): number {
    const { branch, low, high } = node;
    if (branch === null) return childrenOf(this.whole, node).reduce((sum, child) => sum + this.count(child.node), 0);
    const allowed = this.allow === null ? high - low : this.allow.count(branch, low, high);
    if (allowed === 0) return 0;
    return allowed - countWithin(this.denied.get(branch) ?? [], low, high);
  }

  item(leaf: TrieNode): number {
    return this.whole.item(leaf);
  }
}

function countWithin(rows: readonly number[], low: number, high: number): number {
  let n = 0;
  for (const row of rows) if (row >= low && row < high) n++;
  return n;
}

function deniedRows(trie: TrieView, { itemIds, codes }: DenyList, allow: AllowMask | null): Map<Branch, number[]> {
  const ids = new Rows(codes, trie.idLength);
  const rows = new Map<Branch, Set<number>>();
  for (let i = 0; i < itemIds.length; i++) {
    if (allow !== null && !allow.has(itemIds[i])) continue;
    const leaf = findPrefix(trie, ids.row(i));
    if (leaf === null || leaf.branch === null || trie.item(leaf) !== itemIds[i]) continue;
    const found = rows.get(leaf.branch) ?? new Set();
    rows.set(leaf.branch, found.add(leaf.low));
  }
  return new Map(Array.from(rows, ([branch, found]) => [branch, [...found]]));
}
