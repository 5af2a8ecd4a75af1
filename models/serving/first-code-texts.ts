/** Says of each first code how near the texts of its items lie to those of a history. */
import { MAX_HISTORY_TEXTS } from '../config';
import type { Branch } from '../decoding/branch';
import type { Trie } from '../decoding/trie';
import { multiplyTransposed } from '../math/linear-algebra';
import { Rows, ROWS_A_READ, type RowSource } from '../math/rows';
import { historyDirection } from '../text/text-space';
import type { LiveRows } from './live-rows';

const NONE = -1;

export class FirstCodeTexts {
  /** By trie; float32 `[K, F]`. */
  private readonly tables = new WeakMap<Trie, Rows<Float32Array>>();
  /** By the item ids of a branch; float32 `[F]`. */
  private readonly means = new WeakMap<Int32Array, Float32Array>();

  /** @param directions - Of the items' texts, by row of the item vectors; float32 `[N + 1, F]`. */
  constructor(
    private readonly directions: RowSource,
    private readonly liveRows: LiveRows,
  ) {}

  /**
   * @param history - Rows of the item vectors, oldest first.
   * @returns The mean cosine of the history's direction with the items of each first code; float64 `[K]`. Items that are not known in
   *   training do not count.
   */
  nearness(history: readonly number[], trie: Trie): Float64Array {
    const query = new Float32Array(this.directions.dims);
    historyDirection(
      history.slice(-MAX_HISTORY_TEXTS).map((row) => this.directions.slice(row, row + 1)),
      query,
    );
    const cosines = new Float64Array(trie.codebookSize);
    multiplyTransposed(query, this.tableOf(trie).values, query.length, cosines);
    return cosines;
  }

  private tableOf(trie: Trie): Rows<Float32Array> {
    const made = this.tables.get(trie);
    if (made !== undefined) return made;
    const { dims } = this.directions;
    const table = new Rows(new Float32Array(trie.codebookSize * dims), dims);
    const branches = Array.from(trie.filledBranches());
    this.addMeans(branches.filter(({ itemIds }) => !this.means.has(itemIds))); // a trie that follows another shares most of them
    for (const { first, itemIds } of branches) table.set(first, this.means.get(itemIds)!);
    this.tables.set(trie, table);
    return table;
  }

  /** Reads the directions in their order, many at a time: they may lie in a file. */
  private addMeans(branches: readonly Branch[]): void {
    const { count, dims } = this.directions;
    const rows = branches.map(({ itemIds }) => this.liveRows.rowsOf(itemIds));
    const branchOf = new Int32Array(count).fill(NONE);
    rows.forEach((ofBranch, branch) => ofBranch.forEach((row) => (branchOf[1 + row] = branch)));
    const means = new Rows(new Float32Array(branches.length * dims), dims);
    for (let begin = 0; begin < count; begin += ROWS_A_READ) {
      const inReach = branchOf.subarray(begin, begin + ROWS_A_READ);
      if (inReach.every((branch) => branch === NONE)) continue;
      const read = new Rows(this.directions.slice(begin, begin + ROWS_A_READ), dims);
      inReach.forEach((branch, i) => {
        if (branch !== NONE) addShare(read.row(i), rows[branch].length, means.row(branch));
      });
    }
    branches.forEach(({ itemIds }, branch) => this.means.set(itemIds, means.row(branch)));
  }
}

function addShare(values: Float32Array, parts: number, to: Float32Array): void {
  for (let d = 0; d < values.length; d++) to[d] += values[d] / parts;
}
