/** A matrix as rows: one flat array seen as vectors of equal length, without copying. */

/** The arrays that a matrix may lie in. */
export type Values = Int8Array | Float32Array | Float64Array | Int32Array | Uint16Array;

/** A matrix whose rows are read, wherever they lie: in memory, or in a file. */
export type RowSource = Pick<Rows, 'count' | 'dims' | 'slice'>;

/** How many rows of a matrix that may lie in a file are in memory at a time. */
export const ROWS_A_READ = 1024;

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

/** Does the same as `Rows.pick` wherever the rows lie. Each is read once: shorter histories of a batch are filled up with one row. */
export function pickFrom(rows: RowSource, indices: ArrayLike<number>): Rows {
  const picked = new Rows(new Float32Array(indices.length * rows.dims), rows.dims);
  const places = new Map<number, number>();
  for (let i = 0; i < indices.length; i++) {
    const place = places.get(indices[i]);
    picked.set(i, place === undefined ? rows.slice(indices[i], indices[i] + 1) : picked.row(place));
    if (place === undefined) places.set(indices[i], i);
  }
  return picked;
}

/** @returns The rows `begin … begin + count - 1` as a source of their own; nothing is read before they are. */
export function rowRange(rows: RowSource, begin: number, count: number): RowSource {
  return {
    count,
    dims: rows.dims,
    slice: (from, to) => rows.slice(begin + from, begin + Math.min(to, count)),
  };
}
