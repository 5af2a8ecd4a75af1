/** The k best of many numbers, without sorting them all. */

type Numbers = Float64Array | Float32Array;

/**
 * Picks the k largest values.
 *
 * @param values - The first `n` count; no NaN among them.
 * @returns Their positions, ascending; n where there are fewer than k. When two values are equal, the earlier position wins.
 */
export function topK(values: Numbers, n: number, k: number): Int32Array {
  // A heap of positions whose root is the worst one kept.
  const heap = new Int32Array(Math.min(n, k));
  let size = 0;
  for (let i = 0; i < n && heap.length > 0; i++) {
    const isFull = size === heap.length;
    if (isFull && values[i] <= values[heap[0]]) continue;
    if (isFull) sink(heap, values, i);
    else rise(heap, values, i, size++);
  }
  return heap.subarray(0, size).sort();
}

/** When too few of the best qualify, so many times more are ranked. */
const GROWTH = 8;

/**
 * @param qualifies - Asked about the best positions until enough qualify; absent: all do.
 * @returns The k best positions that qualify, best first; fewer where fewer do. Of equal values the earlier is first.
 */
export function rankTopK(values: Numbers, k: number, qualifies = (_position: number) => true): number[] {
  const found: number[] = [];
  let asked = 0;
  for (let most = 2 * k; found.length < k && asked < values.length; most *= GROWTH) {
    const best = ranked(values, most);
    for (; found.length < k && asked < best.length; asked++) if (qualifies(best[asked])) found.push(best[asked]);
  }
  return found;
}

function ranked(values: Numbers, k: number): Int32Array {
  return topK(values, values.length, k).sort((a, b) => values[b] - values[a]); // stable
}

/** Puts a position in the root's place. */
function sink(heap: Int32Array, values: Numbers, position: number): void {
  let parent = 0;
  for (let child = 1; child < heap.length; child = 2 * parent + 1) {
    if (child + 1 < heap.length && isWorse(values, heap[child + 1], heap[child])) child++;
    if (!isWorse(values, heap[child], position)) break;
    heap[parent] = heap[child];
    parent = child;
  }
  heap[parent] = position;
}

/** Adds a position to the `size` that are there. */
function rise(heap: Int32Array, values: Numbers, position: number, size: number): void {
  let child = size;
  while (child > 0) {
    const parent = (child - 1) >>> 1;
    if (!isWorse(values, position, heap[parent])) break;
    heap[child] = heap[parent];
    child = parent;
  }
  heap[child] = position;
}

function isWorse(values: Numbers, a: number, b: number): boolean {
  return values[a] < values[b] || (values[a] === values[b] && a > b);
}
