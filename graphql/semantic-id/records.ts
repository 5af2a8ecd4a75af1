/** Records about semantic IDs and the trie, as the ports give them. */
import type { UserErrorRecord } from '../common/records';

/** An item's codes, coarse to fine; the last is its collision token. */
export interface SemanticIdRecord {
  readonly itemId: number;
  readonly codes: readonly number[];
}

/** A node of the trie: the first codes of one or more semantic IDs. The root has no codes. */
export interface PrefixRecord {
  readonly codes: readonly number[];
  readonly itemCount: number;
}

export interface CodebookLevelRecord {
  readonly level: number;
  readonly size: number;
  readonly usedCodes: number;
  /** exp(entropy of the code frequencies): `usedCodes` when all used codes are equally frequent, less otherwise. */
  readonly perplexity: number;
  /** The number of items with each code. */
  readonly histogram: readonly number[];
}

export interface CollisionSummary {
  /** The number of items that share all codebook codes with another item. */
  readonly collidingItemCount: number;
  /** Their share of all items that have a semantic ID, 0–1. */
  readonly rate: number;
}

/** Exactly one of `assignments`, `itemIds`, `prefix` and `all` is given. */
export interface ReassignArgs {
  readonly assignments?: readonly { readonly itemId: number; readonly codes: readonly number[] }[] | null;
  readonly itemIds?: readonly number[] | null;
  readonly prefix?: readonly number[] | null;
  readonly all?: boolean | null;
  readonly dryRun: boolean;
  /** The call is refused with `CONFLICT` when the catalogue has a newer version than this. */
  readonly ifCatalogueVersion?: number | null;
}

/** How far a reassignment is that works out new codes. */
export interface ReassignmentProgressRecord {
  readonly done: number;
  readonly total: number;
}

export interface ReassignmentRecord {
  readonly changes: readonly {
    readonly itemId: number;
    readonly before: readonly number[] | null;
    readonly after: readonly number[];
  }[];
  /** Null when the call was refused. */
  readonly impact: ReassignmentImpact | null;
  /** The catalogue version that the changes were computed from; null when the call was refused. */
  readonly baseVersion: number | null;
  /** The catalogue version that this change made; null in a dry run, when nothing changed, and when the call was refused. */
  readonly catalogueVersion: number | null;
  readonly userErrors: readonly UserErrorRecord[];
}

/** Effects of a reassignment on other items; each list holds item ids. */
export interface ReassignmentImpact {
  /** Items that share all codebook codes with another item after the change and did not before. */
  readonly collisionsMade: readonly number[];
  /** Items that shared all codebook codes with another item before the change and do not after it. */
  readonly collisionsSolved: readonly number[];
  /** Items whose similar items change: those under the longest prefix that an item shares with another one. */
  readonly similarItemsChanged: readonly number[];
}
