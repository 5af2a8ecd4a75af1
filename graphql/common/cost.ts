/** The cost of fields, in rows that they may bring. src/api/limits.ts adds the costs up before an operation runs. */
import { MAX_ARMS } from './limits';

interface Selection {
  /** With the default in place of a null, as the resolver takes it. */
  readonly args: {
    readonly first?: number;
    readonly points?: number;
    readonly users?: number;
    readonly days?: number;
    readonly daily?: boolean;
    readonly options?: {
      readonly beamWidth?: number | null;
      readonly filter?: object | null;
      readonly steer?: string | null;
    } | null;
  };
  /** The cost of the fields that are asked of one row. */
  readonly childComplexity: number;
}

/** A semantic ID has about this many levels. */
const LEVELS = 4;
/** A beam search of the usual width costs as much as this many rows. */
const BEAM_SEARCH = 50;
const USUAL_BEAM_WIDTH = 20;
/** A filter that is not known yet goes through the whole catalogue. */
const FILTER = 50;
/** Up to ten texts are encoded. */
const STEER = 50;
/** A read of its own, for one row alone, takes as long as this many rows of a common read. */
const COST_OF_READ = 20;
/** Similar items are found by one such read per level of the trie, and one of the semantic ID. */
const WALK = (LEVELS + 1) * COST_OF_READ;
/** This many stored points cost as much as a row. */
const POINTS_PER_ROW = 10;

/** The attributes of an item may be as long as ten rows without them, and its description as long as five. */
export const COST_OF_ATTRIBUTES = 10;
export const COST_OF_DESCRIPTION = 5;

/** A read of its own for each prefix, but most items of an answer have their prefixes in common, and each is read once. */
export const COST_OF_TERMS = 5;

/** A count may go through all rows of a table. */
export const COST_OF_COUNT = 20;
/** All rows of a user. */
export const COST_OF_EXPORT = 1_000;
/** A count that is asked of a page: it is added for each row that the page may have. */
export const COST_OF_LIST_COUNT = 2;

export const costOfLevels = ({ childComplexity }: Selection): number => LEVELS * (1 + childComplexity);

export const costOfRecommendations = ({ args, childComplexity }: Selection): number => {
  const width = Math.max(USUAL_BEAM_WIDTH, args.options?.beamWidth ?? 0);
  const filter = args.options?.filter ? FILTER : 0;
  const steer = args.options?.steer ? STEER : 0;
  return (BEAM_SEARCH * width) / USUAL_BEAM_WIDTH + filter + steer + atLeastOne(args.first) * childComplexity;
};

/** Two lists, and their filters may be new. */
export const costOfPreview = ({ args, childComplexity }: Selection): number =>
  2 * (BEAM_SEARCH + FILTER) + atLeastOne(args.first) * childComplexity;

/** Each item of a list is scored 21 times, which takes the time of two lists for it. */
export const costOfBecause = ({ args, childComplexity }: Selection): number =>
  2 * BEAM_SEARCH + atLeastOne(args.first) * childComplexity;

/** The list, the list with the item, and up to four wider ones or one of 500 items. */
const EXPLAINED_LISTS = 20;

export const costOfWhyNot = ({ args, childComplexity }: Selection): number =>
  costOfRecommendations({ args, childComplexity: 0 }) + EXPLAINED_LISTS * BEAM_SEARCH + childComplexity;

/** Two lists a user. */
export const costOfComparison = ({ args, childComplexity }: Selection): number =>
  2 * atLeastOne(args.users) * costOfRecommendations({ args, childComplexity: 0 }) + childComplexity;

/** A list of the whole catalogue. */
export const costOfRank = (): number => 100 * BEAM_SEARCH;

/** A filter by category may be new. */
export const costOfTrending = ({ args, childComplexity }: Selection): number =>
  FILTER + atLeastOne(args.first) * childComplexity;

export const costOfSimilarItems = ({ args, childComplexity }: Selection): number =>
  WALK + atLeastOne(args.first) * childComplexity;

/** The cost of a page that is read for one row alone. */
export const costOfOwnPage = ({ args, childComplexity }: Selection): number =>
  COST_OF_READ + atLeastOne(args.first) * childComplexity;

export const costOfCurve = ({ args, childComplexity }: Selection): number =>
  childComplexity + atLeastOne(args.points) / POINTS_PER_ROW;

/** Sums over all users of an experiment, and its arms. */
export const costOfArms = ({ childComplexity }: Selection): number => COST_OF_COUNT + MAX_ARMS * childComplexity;

/** There are a hundred placements at most, and their counts are read together. */
const COST_OF_PLACEMENTS = 100;

export const costOfPlacements = ({ args, childComplexity }: Selection): number =>
  COST_OF_PLACEMENTS + (args.daily ? atLeastOne(args.days) : 1) * childComplexity;

/** `first: -1000` must not lower a cost. */
function atLeastOne(count = 1): number {
  return Math.max(1, count);
}
