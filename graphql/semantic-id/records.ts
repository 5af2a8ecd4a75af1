/** What crosses the ports about semantic IDs and the trie. Plain data, no classes. */
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
  /** exp of the entropy of the codes' use: how many codes would do if all were used alike. */
  readonly perplexity: number;
  readonly histogram: readonly number[];
}

export interface CollisionSummary {
  /** Items that share all codebook codes with another one. */
  readonly collidingItemCount: number;
  /** The same, as a share of the tokenized items, 0–1. */
  readonly rate: number;
}

/** Exactly one of `assignments`, `itemIds`, `prefix` and `all` is given. */
export interface ReassignArgs {
  readonly assignments?: readonly { readonly itemId: number; readonly codes: readonly number[] }[] | null;
  readonly itemIds?: readonly number[] | null;
  readonly prefix?: readonly number[] | null;
  readonly all?: boolean | null;
  readonly dryRun: boolean;
  /** Refuse with `CONFLICT` when the catalogue has moved past this version. */
  readonly ifCatalogueVersion?: number | null;
}

export interface ReassignmentRecord {
  readonly changes: readonly {
    readonly itemId: number;
    readonly before: readonly number[] | null;
    readonly after: readonly number[];
  }[];
  /** Null when the call was refused. */
  readonly impact: ReassignmentImpact | null;
  /** The catalogue version that the changes were worked out on; null when the call was refused. */
  readonly baseVersion: number | null;
  /** The catalogue version after the call; null on a dry run, and when the call was refused. */
  readonly catalogueVersion: number | null;
  readonly userErrors: readonly UserErrorRecord[];
}

/** What a reassignment does beside the items that it names; item ids. */
export interface ReassignmentImpact {
  /** Items that share all codebook codes with another one afterwards, and did not before. */
  readonly collisionsMade: readonly number[];
  /** Items that shared all codebook codes with another one before, and do not afterwards. */
  readonly collisionsSolved: readonly number[];
  /** Items whose nearest neighbours, the items under the longest prefix shared with any, are others afterwards. */
  readonly neighboursChanged: readonly number[];
}
