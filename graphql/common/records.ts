/** Records that belong to no noun alone: pages and user errors. */

/** Asks for `first` rows after an opaque cursor; `after: null` starts at the beginning. */
export interface PageArgs {
  readonly first: number;
  readonly after: string | null;
}

/** Asks for the last rows before an opaque cursor; `before: null`: those at the end of the list. */
export interface BackwardPageArgs {
  readonly last: number;
  readonly before: string | null;
}

export type TwoWayPageArgs = PageArgs | BackwardPageArgs;

export interface Page<T> {
  readonly edges: readonly { readonly node: T; readonly cursor: string }[];
  readonly hasNextPage: boolean;
  /** Absent in lists that are read forwards alone. */
  readonly hasPreviousPage?: boolean;
}

/** A row of an item or a user, and the shop's own ID of it. */
export interface NamedRow {
  readonly id: number;
  readonly externalId: string;
}

export type UserErrorCode =
  | 'NOT_FOUND'
  | 'DUPLICATE'
  | 'OUT_OF_RANGE'
  | 'INVALID'
  | 'TAKEN'
  | 'CONFLICT'
  | 'TOO_MANY'
  | 'NO_LIVE_MODEL'
  | 'NOT_RUNNING'
  | 'UNUSABLE_CHECKPOINT';

/** A mistake of the caller. `field` is a path into the mutation's input, such as `['items', '3', 'title']`. */
export interface UserErrorRecord {
  readonly code: UserErrorCode;
  readonly message: string;
  readonly field: readonly string[] | null;
}
