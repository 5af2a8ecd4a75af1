/** Records that belong to no noun alone: pages and user errors. */
export type { UserErrorCode, UserError as UserErrorRecord } from './types';

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
