/** Explanations of lists, as they cross the ports. */
import type { RecommendationArgs } from '../recommendation/records';
import type { BeamDrop, VersionComparison, VersionCoverage, WhyNot } from './types';

export type { SeenEvent as SeenEventRecord, WhyNotReason, WouldHelp as WouldHelpRecord } from './types';

/** The prefix of the item's semantic ID that the beam did not keep. */
export interface BeamDropRecord extends BeamDrop {
  /** Empty for a version whose codes name other prefixes than those of the catalogue. */
  readonly codes: readonly number[];
}

export interface WhyNotRecord extends WhyNot {
  readonly itemId: number;
  /** @returns The item's place among all items of the catalogue; null: it is not among the first 5,000. */
  readonly rank: () => Promise<number | null>;
  /** The item of its group that stands for it, or that the list leaves out. */
  readonly groupItemId: number | null;
  readonly beam: BeamDropRecord | null;
}

export interface CompareVersionsArgs {
  /** Versions of the lists; `modelVersionId` is the version that is compared with the active one. */
  readonly list: RecommendationArgs & { readonly modelVersionId: number };
  readonly users: number;
  /** Equal seeds give equal samples of the same users. */
  readonly seed: number;
}

/** Counts over the lists of one version. */
export interface CoverageRecord extends VersionCoverage {
  readonly modelVersionId: number | null;
}

export interface VersionComparisonRecord extends VersionComparison {
  readonly active: CoverageRecord;
  readonly other: CoverageRecord;
  /** The users whose lists have the least in common, at most 5. */
  readonly mostChanged: readonly number[];
}
