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
import { forEachRow, occurrencesOf, type CountRow, type Occurrences } from '../data/neighbours';
import type { NeighbourTable } from '../decoding/evidence';
import { neighbourRanks } from '../evaluation/item-head-weights';
import { isClearlyBetter } from '../evaluation/metrics';
import { evenlySpread } from '../math/arrays';
import { rankTopK } from '../math/top-k';

/** The distance at which items of a history count as neighbours, and how much they count. */
interface Reach {
  /** Items that are more steps apart do not count. */
  readonly window: number;
  /** The count of a pair that is d steps apart. */
  readonly count: (d: number) => number;
}

/**
 * `near`: what was bought soon after an item says more than what came later. `wide`: where a history has no order, as with tastes or
 * ratings that were given in one go, all its items say as much.
 */
export const REACHES = {
  near: { window: 10, count: (d) => 1 / d },
  wide: { window: 50, count: () => 1 },
} as const satisfies Record<string, Reach>;
export type ReachName = keyof typeof REACHES;

/** Items bought before an item count half as much as those bought after it. */
const BACKWARD = 0.5;
/** Neighbours that are kept of each item. */
const MAX_NEIGHBOURS = 200;

/** Counts the pairs of items in each user's training part. */
export function neighbourTable(
  log: InteractionLog,
  split: Split,
  numItems: number,
  reachName: ReachName = 'near',
): NeighbourTable {
  const reach = REACHES[reachName];
  const occurrences = occurrencesOf(log, split, numItems);
  const count: CountRow = (item, counts) => countNear(log, occurrences, reach, item, counts);
  // As many as there can be: what is never written takes no memory.
  const room = Math.min(2 * reach.window * occurrences.positions.length, MAX_NEIGHBOURS * numItems);
  const offsets = new Int32Array(numItems + 1);
  const [items, weights] = [new Int32Array(room), new Float32Array(room)];
  forEachRow(numItems, count, (item, near, counts) => {
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
  return { offsets, items: items.slice(0, end), weights: weights.slice(0, end) };
}

/** For a checkpoint. */
export function neighbourTensors({ offsets, items, weights }: NeighbourTable): HostTensors {
  const tensor = <T extends Int32Array | Float32Array>(data: T) => ({ shape: [data.length], data });
  return { offsets: tensor(offsets), items: tensor(items), weights: tensor(weights) };
}

/** Adds up the item's pairs in `counts`. @returns The rows of its neighbours. */
function countNear(
  { items }: InteractionLog,
  { starts, positions, from, to }: Occurrences,
  { window, count }: Reach,
  item: number,
  counts: Float64Array,
): number[] {
  const near: number[] = [];
  const add = (other: number, weight: number) => {
    if (counts[other] === 0) near.push(other);
    counts[other] += weight;
  };
  for (let i = starts[item]; i < starts[item + 1]; i++) {
    const at = positions[i];
    for (let other = Math.max(from[i], at - window); other < at; other++)
      add(items[other], BACKWARD * count(at - other));
    for (let other = at + 1; other < Math.min(to[i], at + window + 1); other++) add(items[other], count(other - at));
  }
  return near;
}

/** The wide reach must be better by so many standard errors of the difference. */
const MIN_ERRORS = 2;

export interface ReachChoice {
  readonly reach: ReachName;
  /** Counted in the training part. */
  readonly neighbours: NeighbourTable;
}

/**
 * Compares lists of neighbours alone, each with its best decay. The near reach holds unless the wide one is clearly better. Where those who
 * validate a model that is to serve are few, all users tell, though pairs with what is held out of each are not counted then.
 *
 * @throws The signal's reason when it is aborted.
 */
export async function chooseReach(
  log: InteractionLog,
  split: Split,
  numItems: number,
  signal: AbortSignal,
): Promise<ReachChoice> {
  const { validation: enough } = MEASURED_USERS;
  const judged = heldOut(log, split, 'validation', true).length < enough ? everyoneValidates(log, split) : split;
  const cases = evenlySpread(heldOut(log, judged, 'validation'), enough);
  const tried = async (reach: ReachName) => {
    const neighbours = neighbourTable(log, judged, numItems, reach);
    return { reach, neighbours, ranks: await neighbourRanks(neighbours, cases, { signal }) };
  };
  const [near, wide] = [await tried('near'), await tried('wide')];
  const { reach, neighbours } = isClearlyBetter(wide.ranks, near.ranks, MIN_ERRORS) ? wide : near;
  return { reach, neighbours: judged === split ? neighbours : neighbourTable(log, split, numItems, reach) };
}
