/** Says of each first code how near the texts of its items lie to those of a history. */
import { MAX_HISTORY_TEXTS } from '../config';
import type { Branch } from '../decoding/branch';
import type { Trie } from '../decoding/trie';
import { multiplyTransposed } from '../math/host-matrix';
import { Rows } from '../math/rows';
import { historyDirection } from '../text/text-space';
import type { LiveRows } from './live-rows';

export class FirstCodeTexts {
  /** By trie; float32 `[K, F]`. */
  private readonly tables = new WeakMap<Trie, Rows<Float32Array>>();
  /** By the item ids of a branch; float32 `[F]`. */
  private readonly means = new WeakMap<Int32Array, Float32Array>();

  /** @param directions - Of the items' texts, by row of the item vectors; float32 `[N + 1, F]`. */
  constructor(
    private readonly directions: Rows<Float32Array>,
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
      history.slice(-MAX_HISTORY_TEXTS).map((row) => this.directions.row(row)),
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
    for (const branch of trie.filledBranches()) table.set(branch.first, this.meanOf(branch));
    this.tables.set(trie, table);
    return table;
  }

  /** A trie that follows another shares most of its branches. */
  private meanOf({ itemIds }: Branch): Float32Array {
    const made = this.means.get(itemIds);
    if (made !== undefined) return made;
    const mean = new Float32Array(this.directions.dims);
    const rows = this.liveRows.rowsOf(itemIds);
    for (const row of rows) this.directions.row(1 + row).forEach((value, d) => (mean[d] += value / rows.length));
    this.means.set(itemIds, mean);
    return mean;
  }
}
