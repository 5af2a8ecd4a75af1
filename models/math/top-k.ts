/** The k best of many numbers, without sorting them all. */

type Numbers = Float64Array | Float32Array;

/**
 * Picks the k largest values.
 *
 * @param values - The first `n` count; no NaN among them.
 * @param qualifies - Asked only about positions whose values would enter; absent: all positions qualify.
 * @returns Their positions, ascending; fewer than k where fewer qualify. When two values are equal, the earlier position wins.
 */
export function topK(values: Numbers, n: number, k: number, qualifies?: (position: number) => boolean): Int32Array {
  // A heap of positions whose root is the worst one kept.
  const heap = new Int32Array(Math.min(n, k));
  let size = 0;
  for (let i = 0; i < n && heap.length > 0; i++) {
    const isFull = size === heap.length;
    if (isFull && values[i] <= values[heap[0]]) continue;
    if (qualifies !== undefined && !qualifies(i)) continue;
    if (isFull) sink(heap, values, i);
    else rise(heap, values, i, size++);
  }
  return heap.subarray(0, size).sort();
}

/** @returns The positions that `topK` picks of all values, best first. */
export function rankTopK(values: Numbers, k: number, qualifies?: (position: number) => boolean): number[] {
  const positions = Array.from(topK(values, values.length, k, qualifies));
  return positions.sort((a, b) => values[b] - values[a]); // stable: of equal values the earlier stays first
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
