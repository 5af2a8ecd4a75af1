/** A dataset on disk, as the rest of the server sees it, whatever its layout. */
import type { InteractionKind } from '../../graphql/interaction/records';
import type { ItemFields } from '../../graphql/item/fields';

export interface DatasetItem extends ItemFields {
  readonly externalId: string;
  /** Empty when the source has no title for the item. */
  readonly title: string;
  /** From the root to the leaf. Absent: the source says nothing of them. */
  readonly categories?: readonly string[];
  /** float32 `[dims]`, length 1; null when the dataset brings no vectors. */
  readonly vector: Float32Array | null;
  /** The encoder that made the vector; absent: the one that the dataset names. */
  readonly encoder?: string;
  /** Absent: the time of the import. */
  readonly addedAt?: Date;
  /** Absent: the item is live. */
  readonly removedAt?: Date;
}

/** One user's history, oldest first. */
export interface DatasetSequence {
  readonly userExternalId: string;
  readonly itemExternalIds: readonly string[];
  /** Milliseconds since the epoch, ascending. Items with equal times are one basket. */
  readonly times: readonly number[];
  /** Kind and id of each event; absent: they are purchases, and user, item and time tell one from another. */
  readonly events?: readonly DatasetEvent[];
}

export interface DatasetEvent {
  readonly kind: InteractionKind;
  /** Null: the event has none. */
  readonly eventId: string | null;
  /** Null: it is no rating, or the dataset does not tell it. */
  readonly rating: number | null;
}

/** The width and the origin of a dataset's vectors. */
export interface VectorsInfo {
  readonly dims: number;
  /** The encoder that made them; `given` when the dataset does not name one. */
  readonly encoder: string;
}

export interface DatasetCounts {
  readonly items: number;
  readonly users: number;
  readonly interactions: number;
}

export interface ReadOptions {
  /** Whether events of items that the folder does not list are left out; else they are refused. */
  readonly skipUnknownItems?: boolean;
  readonly signal?: AbortSignal;
}

/** A folder and its readers. Each call of a reader starts at the first row. */
export interface DatasetSource {
  readonly dir: string;
  readonly vectors: VectorsInfo | null;
  items(): AsyncIterable<DatasetItem>;
  sequences(): AsyncIterable<DatasetSequence>;
  /** @returns How many events the last full reading of the sequences left out, since their items are unknown. */
  skipped(): number;
  /** @returns Of how many items the last full reading cut texts. */
  cut(): number;
}

/** A source after a check of every line. */
export interface Dataset extends Omit<DatasetSource, 'skipped' | 'cut'> {
  readonly counts: DatasetCounts;
  /** Events that are left out, since their items are unknown. */
  readonly skipped: number;
  /** Items with a text that was cut, since the API takes none as long. */
  readonly cut: number;
  /** Events that are left out, since the same event comes before them. */
  readonly merged: number;
}

/** A line or a file is not as expected. The message is `file:line: reason`. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
  /** @param line - Counted from 1; null when the error is about the whole file. */
  constructor(
    readonly file: string,
    readonly line: number | null,
    readonly reason: string,
  ) {
    super(`${file}${line === null ? '' : `:${line}`}: ${reason}`);
  }
}
