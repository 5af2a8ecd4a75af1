/** What a field costs, in rows that it may bring: the guards add them up before anything runs. */

interface Selection {
  readonly args: { readonly first?: number | null };
  /** The cost of what is asked of one row. */
  readonly childComplexity: number;
}

/** A semantic ID has about this many levels. */
const LEVELS = 4;
/** A beam search is as dear as this many rows. */
const BEAM_SEARCH = 50;

export const costOfLevels = ({ childComplexity }: Selection): number => LEVELS * (1 + childComplexity);

export const costOfRecommendations = ({ args, childComplexity }: Selection): number =>
  BEAM_SEARCH + Math.max(1, args.first ?? 1) * childComplexity;
