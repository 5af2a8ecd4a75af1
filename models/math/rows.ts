/** A matrix as rows: one flat array seen as vectors of equal length, without copying. */

/** The arrays that a matrix may lie in. */
export type Values = Int8Array | Float32Array | Float64Array | Int32Array | Uint16Array;

/** A matrix whose rows are read, wherever they lie: in memory, or in a file. */
export type RowSource = Pick<Rows, 'count' | 'dims' | 'slice' | 'pick'>;

export class Rows<T extends Values = Float32Array> {
  /** Rows there are. */
  readonly count: number;

  /**
   * @param values - Row after row; `[count, dims]`.
   * @param dims - Numbers per row.
   */
  constructor(
    readonly values: T,
    readonly dims: number,
  ) {
    this.count = values.length / dims;
  }

  /** @returns Row `index` as a view: what is written into it is written into the matrix. */
  row(index: number): T {
    return this.slice(index, index + 1);
  }

  /** @returns Rows `start … end-1` one after another, as a view. `end` may lie behind the last row. */
  slice(start: number, end: number): T {
    return this.values.subarray(start * this.dims, end * this.dims) as T;
  }

  /** @returns Every row, as `row` gives it. */
  all(): T[] {
    return Array.from({ length: this.count }, (_, index) => this.row(index));
  }

  /** @returns Every row as a list of its own. */
  lists(): number[][] {
    return this.all().map((row) => Array.from(row));
  }

  /** @returns A matrix of its own with these rows, in their order. */
  pick(indices: ArrayLike<number>): Rows<T> {
    const Numbers = this.values.constructor as new (length: number) => T;
    const picked = new Rows(new Numbers(indices.length * this.dims), this.dims);
    for (let i = 0; i < indices.length; i++) picked.set(i, this.row(indices[i]));
    return picked;
  }

  /** Overwrites row `index`. */
  set(index: number, vector: ArrayLike<number>): void {
    this.values.set(vector, index * this.dims);
  }
}

/** @returns The rows `begin … begin + count - 1` as a source of their own; nothing is read before they are. */
export function rowRange(rows: RowSource, begin: number, count: number): RowSource {
  return {
    count,
    dims: rows.dims,
    slice: (from, to) => rows.slice(begin + from, begin + Math.min(to, count)),
    pick: (indices) => rows.pick(Array.from(indices, (index) => begin + index)),
  };
}
