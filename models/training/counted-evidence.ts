/**
 * Neighbours: the items bought near each item, by counts alone. The counts know single pairs, which vectors as narrow as a model's cannot
 * all tell apart; in a shop with few histories they do most of the work. An item that is bought again is its own neighbour, which counts in
 * lists with seen items.
 *
 * The form is the one that served two very different shops well on validation: see docs/choices.md.
 */
import type { HostTensors } from '../compute/device';
import { MEASURED_USERS } from '../config';
import { type InteractionLog, type Split, everyoneValidates, heldOut } from '../data/interactions';
import { countRow, forEachRow, occurrencesOf, type CountRow, type Reach } from '../data/neighbours';
import { recentPopularity } from '../data/popularity';
import type { NeighbourTable } from '../decoding/evidence/neighbours';
import { Popularity } from '../decoding/evidence/popularity';
import { chooseDecay, evidenceRanks } from '../evaluation/choose-weights';
import { bestOf, isClearlyBetter } from '../evaluation/metrics';
import { evenlySpread } from '../math/arrays';
import { rankTopK } from '../math/top-k';

/** Items bought before an item count half as much as those bought after it. */
const PAIRS = { backward: 0.5, hasSelf: true };

/**
 * `near`: what was bought soon after an item says more than what came later. `wide`: where a history has no order, as with tastes or
 * ratings that were given in one go, all its items say as much.
 */
export const REACHES = {
  near: { ...PAIRS, window: 10, count: (d) => 1 / d },
  wide: { ...PAIRS, window: 50, count: () => 1 },
} as const satisfies Record<string, Reach>;
export type ReachName = keyof typeof REACHES;

/** Neighbours that are kept of each item. */
const MAX_NEIGHBOURS = 200;

/** Between two calls of `onItem`; each takes some milliseconds. */
const ITEMS_PER_CALL = 1024;

/**
 * Counts the pairs of items in each user's training part.
 *
 * @param onItem - Called now and then with how many items are done.
 */
export function neighbourTable(
  log: InteractionLog,
  split: Split,
  numItems: number,
  reachName: ReachName = 'near',
  onItem?: (done: number) => void,
): NeighbourTable {
  const reach = REACHES[reachName];
  const occurrences = occurrencesOf(log, split, numItems);
  const count: CountRow = (item, counts) => countRow(log, occurrences, reach, item, counts);
  // As many as there can be: what is never written takes no memory.
  const room = Math.min(2 * reach.window * occurrences.positions.length, MAX_NEIGHBOURS * numItems);
  const offsets = new Int32Array(numItems + 1);
  const [items, weights] = [new Int32Array(room), new Float32Array(room)];
  forEachRow(numItems, count, (item, near, counts) => {
    if (item % ITEMS_PER_CALL === 0) onItem?.(item);
    const rows = new Int32Array(near).sort(); // of equal ones the lower row first
    const ofRows = new Float64Array(rows.length);
    rows.forEach((other, i) => (ofRows[i] = counts[other]));
    const total = ofRows.toSorted().reduceRight((sum, count) => sum + count, 0);
    const strongest = rankTopK(ofRows, MAX_NEIGHBOURS);
    offsets[item + 1] = offsets[item] + strongest.length;
    strongest.forEach((position, i) => {
      items[offsets[item] + i] = rows[position];
      weights[offsets[item] + i] = ofRows[position] / Math.sqrt(total + 1);
    });
  });
  const end = offsets[numItems];
  return { offsets, items: items.subarray(0, end), weights: weights.subarray(0, end) };
}

/** For a checkpoint. */
export function neighbourTensors({ offsets, items, weights }: NeighbourTable): HostTensors {
  const tensor = <T extends Int32Array | Float32Array>(data: T) => ({ shape: [data.length], data });
  return { offsets: tensor(offsets), items: tensor(items), weights: tensor(weights) };
}

/** The wide reach must be better by so many standard errors of the difference. */
const MIN_ERRORS = 2;

/** Days after which an event counts half in popularity. */
const HALF_LIVES = [3, 7, 30, Infinity];

/** Evidence that is counted, and how. */
export interface Counted {
  readonly reach: ReachName;
  readonly neighbours: NeighbourTable;
  readonly halfLife: number;
  /** See `recentPopularity`. */
  readonly popularity: Float32Array;
}

/** @returns The evidence, counted in the training part of a split in the way chosen. */
export function countEvidence(
  log: InteractionLog,
  split: Split,
  numItems: number,
  { reach, halfLife }: Pick<Counted, 'reach' | 'halfLife'>,
): Counted {
  return {
    reach,
    neighbours: neighbourTable(log, split, numItems, reach),
    halfLife,
    popularity: recentPopularity(log, split, numItems, halfLife),
  };
}

/**
 * Compares lists of neighbours alone, each with its best decay, and of popular items alone. The near reach and the whole time hold unless
 * others are clearly better. Where those who validate a model that is to serve are few, all users tell, though what is held out of each is
 * not counted then.
 *
 * @param onProgress - In a shop of a million items each of the two tables takes a minute.
 * @throws The signal's reason when it is aborted.
 */
export function chooseCounts(
  log: InteractionLog,
  split: Split,
  numItems: number,
  signal: AbortSignal,
  onProgress?: (step: number, totalSteps: number) => void,
): Counted {
  const { validation: enough } = MEASURED_USERS;
  const judged = heldOut(log, split, 'validation', true).length < enough ? everyoneValidates(log, split) : split;
  const users = { cases: evenlySpread(heldOut(log, judged, 'validation'), enough), isSeenKept: false, signal };
  const ranksOf = (reach: ReachName, before: number) => {
    const onItem = (done: number) => onProgress?.(before + done, 2 * numItems);
    return chooseDecay(neighbourTable(log, judged, numItems, reach, onItem), users).ranks;
  };
  const reach = isClearlyBetter(ranksOf('wide', 0), ranksOf('near', numItems), MIN_ERRORS) ? 'wide' : 'near';
  const popular = HALF_LIVES.map((halfLife) =>
    evidenceRanks(new Popularity(recentPopularity(log, judged, numItems, halfLife)), users),
  );
  const halfLife = HALF_LIVES[bestOf(popular, HALF_LIVES.indexOf(Infinity))];
  return countEvidence(log, split, numItems, { reach, halfLife });
}
