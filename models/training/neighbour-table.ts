/**
 * Which items are bought near each item, by counts alone. The counts know single pairs, which vectors as narrow as a model's cannot
 * all tell apart; in a shop with few histories they do most of the work. An item that is bought again is its own neighbour, which counts in
 * lists with seen items.
 *
 * The form is the one that served two very different shops well on validation: see docs/quality.md.
 */
import type { NamedTensors } from '../checkpoint/checkpoint';
import type { InteractionLog, Split } from '../data/interactions';
import type { NeighbourTable } from '../decoding/neighbour-mixture';

/** Items that are more steps apart are no neighbours. A pair that is d steps apart counts 1/d. */
const WINDOW = 10;
/** What was bought before an item counts half as much as what was bought after it. */
const BACKWARD = 0.5;
/** Neighbours that are kept of each item. */
const MAX_NEIGHBOURS = 200;

/** Counts the pairs of items in each user's training part, one item after another, so that few pairs are in memory at once. */
export function neighbourTable(log: InteractionLog, split: Split, numItems: number): NeighbourTable {
  const occurrences = occurrencesOf(log, split, numItems);
  const offsets = new Int32Array(numItems + 1);
  const items: number[] = [];
  const weights: number[] = [];
  const counts = new Float64Array(numItems);
  for (let item = 0; item < numItems; item++) {
    const near = countNear(log, occurrences, item, counts);
    const total = near.reduce((sum, other) => sum + counts[other], 0);
    for (const other of near.slice(0, MAX_NEIGHBOURS)) {
      items.push(other);
      weights.push(counts[other] / Math.sqrt(total + 1));
    }
    for (const other of near) counts[other] = 0;
    offsets[item + 1] = items.length;
  }
  return { offsets, items: Int32Array.from(items), weights: Float32Array.from(weights) };
}

/** For a checkpoint. */
export function neighbourTensors({ offsets, items, weights }: NeighbourTable): NamedTensors {
  const tensor = <T extends Int32Array | Float32Array>(data: T) => ({ shape: [data.length], data });
  return { offsets: tensor(offsets), items: tensor(items), weights: tensor(weights) };
}

/** Where each item stands in the training parts: those of item row r are `positions[starts[r]] … positions[starts[r + 1] − 1]`. */
interface Occurrences {
  readonly starts: Int32Array;
  readonly positions: Int32Array;
  /** First position of the user's history, and the end of its training part, for each of `positions`. */
  readonly from: Int32Array;
  readonly to: Int32Array;
}

function occurrencesOf(log: InteractionLog, split: Split, numItems: number): Occurrences {
  const starts = new Int32Array(numItems + 1);
  forEachPosition(log, split, (at) => starts[log.items[at] + 1]++);
  for (let item = 0; item < numItems; item++) starts[item + 1] += starts[item];
  const next = starts.slice();
  const total = starts[numItems];
  const [positions, from, to] = [new Int32Array(total), new Int32Array(total), new Int32Array(total)];
  forEachPosition(log, split, (at, start, end) => {
    const slot = next[log.items[at]]++;
    [positions[slot], from[slot], to[slot]] = [at, start, end];
  });
  return { starts, positions, from, to };
}

function forEachPosition(
  { userKeys, offsets }: InteractionLog,
  { trainEnd }: Split,
  visit: (at: number, start: number, end: number) => void,
): void {
  for (let user = 0; user < userKeys.length; user++)
    for (let at = offsets[user]; at < trainEnd[user]; at++) visit(at, offsets[user], trainEnd[user]);
}

/** Adds up the item's pairs in `counts`. @returns The rows of its neighbours, the strongest first; of equal ones the lower row. */
function countNear(
  { items }: InteractionLog,
  { starts, positions, from, to }: Occurrences,
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
    for (let other = Math.max(from[i], at - WINDOW); other < at; other++) add(items[other], BACKWARD / (at - other));
    for (let other = at + 1; other < Math.min(to[i], at + WINDOW + 1); other++) add(items[other], 1 / (other - at));
  }
  return near.sort((a, b) => counts[b] - counts[a] || a - b);
}
