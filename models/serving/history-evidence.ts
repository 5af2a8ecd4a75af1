/** Finds evidence of the next item without the model: a history's neighbours, repeats and texts. */
import { MAX_HISTORY_TEXTS } from '../config';
import type { Evidence } from '../decoding/beam-search';
import type { Branch } from '../decoding/branch';
import { neighbourProbabilities, PrefixProbability, type WeighedId, repeatProbabilities } from '../decoding/evidence';
import type { Trie } from '../decoding/trie';
import { once } from '../math/lazy';
import { multiplyTransposed } from '../math/linear-algebra';
import { Rows, ROWS_A_READ, type RowSource } from '../math/rows';
import { historyDirection } from '../text/text-space';
import type { LiveRows } from './item-rows';
import type { ItemHeadWeights, TigerParts } from './tiger-parts';
import type { ServedIds } from './tiger-request';

/** Item row → probability of being next; computed when it is first asked for. */
export type Probabilities = () => ReadonlyMap<number, number>;

export class HistoryEvidence {
  private readonly texts: () => FirstCodeTexts | null;

  constructor(
    private readonly parts: Pick<TigerParts, 'device' | 'itemTexts' | 'neighbours' | 'itemIds'>,
    private readonly liveRows: LiveRows,
  ) {
    this.texts = once(() => this.openTexts());
  }

  /**
   * @param history - Rows of the item vectors, oldest first.
   * @returns No neighbours where the model has none.
   */
  neighbours(history: readonly number[], decay: number, trie: Trie): Probabilities {
    return once(() => {
      const { neighbours } = this.parts;
      if (!neighbours) return new Map<number, number>();
      return neighbourProbabilities(neighbours, tableRows(history), decay, this.liveRows.of(trie));
    });
  }

  /** @param history - As for `neighbours`. */
  repeats(history: readonly number[], decay: number, trie: Trie): Probabilities {
    return once(() => repeatProbabilities(tableRows(history), decay, this.liveRows.of(trie)));
  }

  /** @returns What counts in the search, by these weights. */
  forSearch(history: readonly number[], neighbours: Probabilities, weights: ItemHeadWeights, ids: ServedIds): Evidence {
    const { textWeight, neighbourShare, textsInSearch, neighboursInSearch } = weights;
    const texts = textsInSearch && textWeight > 0 ? this.texts() : null;
    const items = neighboursInSearch && neighbourShare > 0 ? this.weighedIds(neighbours(), ids) : [];
    return {
      firstLogits: texts && texts.nearness(history, ids.trie).map((cosine) => textWeight * cosine),
      mixed: items.length === 0 ? null : { share: neighbourShare, prefix: new PrefixProbability(items) },
    };
  }

  private weighedIds(neighbours: ReadonlyMap<number, number>, ids: ServedIds): WeighedId[] {
    return Array.from(neighbours).flatMap(([row, probability]) => {
      const codes = ids.get(this.parts.itemIds[row]);
      return codes === null ? [] : [{ codes, probability }];
    });
  }

  private openTexts(): FirstCodeTexts | null {
    const { device, itemTexts } = this.parts;
    if (!itemTexts) return null;
    return new FirstCodeTexts(device.rows(itemTexts), this.liveRows);
  }
}

/** @param rows - Of the item vectors, the first of which is of no item. */
function tableRows(rows: readonly number[]): number[] {
  return rows.map((row) => row - 1);
}

const NONE = -1;

/** Says of each first code how near the texts of its items lie to those of a history. */
export class FirstCodeTexts {
  /** Table of each trie; float32 `[K, F]`. */
  private readonly tables = new WeakMap<Trie, Rows<Float32Array>>();
  /** Mean direction of each branch, keyed by its item ids; float32 `[F]`. */
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
