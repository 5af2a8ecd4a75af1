/** What a dataset on disk is to the rest of the server, whatever its files look like. */

export interface DatasetItem {
  readonly externalId: string;
  /** May be empty: some sources have items without one. */
  readonly title: string;
  readonly description: string | null;
  readonly brand: string | null;
  /** Root first. */
  readonly categories: readonly string[];
  readonly price: number | null;
  /** float32 `[dims]`, length 1; null when the dataset brings no vectors. */
  readonly vector: Float32Array | null;
}

/** One user's history, oldest first. */
export interface DatasetSequence {
  readonly userExternalId: string;
  readonly itemExternalIds: readonly string[];
  /** Milliseconds since the epoch, never falling; equal ones are one basket. */
  readonly times: readonly number[];
}

/** What the vectors beside the items are. */
export interface VectorsInfo {
  readonly dims: number;
  /** Which encoder made them; `given` when the dataset does not say. */
  readonly encoder: string;
}

export interface DatasetCounts {
  readonly items: number;
  readonly users: number;
  readonly interactions: number;
}

/** Where the data lie, and readers that start anew at each call and hold one row at a time. */
export interface DatasetSource {
  readonly dir: string;
  readonly vectors: VectorsInfo | null;
  items(): AsyncIterable<DatasetItem>;
  sequences(): AsyncIterable<DatasetSequence>;
}

/** A source whose every line has been read once and found good. */
export interface Dataset extends DatasetSource {
  readonly counts: DatasetCounts;
}

/** A line, or a file, that is not as it should be. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
  /** @param line - Counted from 1; null when the file as a whole is wrong. */
  constructor(
    readonly file: string,
    readonly line: number | null,
    readonly reason: string,
  ) {
    super(`${file}${line === null ? '' : `:${line}`}: ${reason}`);
  }
}
