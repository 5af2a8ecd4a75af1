/** What a field costs, in rows that it may bring: the guards add them up before anything runs. */

interface Selection {
  readonly args: {
    readonly first?: number | null;
    readonly points?: number | null;
    readonly options?: { readonly beamWidth?: number | null } | null;
  };
  /** The cost of what is asked of one row. */
  readonly childComplexity: number;
}

/** A semantic ID has about this many levels. */
const LEVELS = 4;
/** A beam search of the usual width is as dear as this many rows. */
const BEAM_SEARCH = 50;
const USUAL_BEAM_WIDTH = 20;
/** Walking up the trie takes a query a level, which nothing batches. */
const WALK = 10;
/** So many stored points are as dear as a row. */
const POINTS_A_ROW = 10;

export const costOfLevels = ({ childComplexity }: Selection): number => LEVELS * (1 + childComplexity);

export const costOfRecommendations = ({ args, childComplexity }: Selection): number => {
  const width = Math.max(USUAL_BEAM_WIDTH, args.options?.beamWidth ?? 0);
  return (BEAM_SEARCH * width) / USUAL_BEAM_WIDTH + Math.max(1, args.first ?? 1) * childComplexity;
};

export const costOfNeighbours = ({ args, childComplexity }: Selection): number =>
  WALK + Math.max(1, args.first ?? 1) * childComplexity;

export const costOfCurve = ({ args, childComplexity }: Selection): number =>
  childComplexity + Math.max(1, args.points ?? 1) / POINTS_A_ROW;
