/** Records about semantic IDs and the trie, as the ports give and take them. */
import type { PlannedReassignmentInput } from './inputs';
import type { ReassignmentImpact as ImpactSets, ReassignmentPayload, SemanticId, SemanticIdChange } from './types';

export type {
  CodebookLevel as CodebookLevelRecord,
  CollisionReport as CollisionSummary,
  ReassignmentProgress as ReassignmentProgressRecord,
  SemanticIdPrefix as PrefixRecord,
} from './types';

export interface SemanticIdRecord extends SemanticId {
  readonly itemId: number;
}

/** Exactly one of `assignments`, `itemIds`, `prefix` and `all` is given. */
export interface ReassignArgs extends PlannedReassignmentInput {
  readonly assignments?: readonly { readonly itemId: number; readonly codes: readonly number[] }[] | null;
  readonly itemIds?: readonly number[] | null;
  readonly prefix?: readonly number[] | null;
  readonly all?: boolean | null;
  readonly dryRun: boolean;
  /** False: nobody asks for the impact, which in a large catalogue takes most of the time; absent: somebody does. */
  readonly hasImpact?: boolean;
}

export interface ReassignmentRecord extends Omit<ReassignmentPayload, 'impact'> {
  readonly changes: readonly (SemanticIdChange & { readonly itemId: number })[];
  /** Null also when nobody asks for it. */
  readonly impact: ReassignmentImpact | null;
}

/** The ids of the items of each set. */
export type ReassignmentImpact = Readonly<Record<keyof ImpactSets, readonly number[]>>;
