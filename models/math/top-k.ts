/** The k best of many numbers, without sorting them all. */

/**
 * Picks the k largest priorities.
 *
 * @param priorities - The first `n` count; no NaN among them.
 * @returns Their positions, ascending. Of equal priorities the earlier position wins.
 */
export function topK(priorities: Float64Array, n: number, k: number): Int32Array {
  const size = Math.min(n, k);
  // A heap of positions whose root is the worst one kept.
  const heap = new Int32Array(size);
  for (let i = 0; i < size; i++) heap[i] = i;
  for (let i = (size >>> 1) - 1; i >= 0; i--) sink(heap, priorities, i);
  for (let i = size; i < n; i++) {
    if (size === 0 || priorities[i] <= priorities[heap[0]]) continue;
    heap[0] = i;
    sink(heap, priorities, 0);
  }
  return heap.sort();
}

function sink(heap: Int32Array, priorities: Float64Array, start: number): void {
  const position = heap[start];
  let parent = start;
  for (let child = 2 * parent + 1; child < heap.length; child = 2 * parent + 1) {
    if (child + 1 < heap.length && isWorse(priorities, heap[child + 1], heap[child])) child++;
    if (!isWorse(priorities, heap[child], position)) break;
    heap[parent] = heap[child];
    parent = child;
  }
  heap[parent] = position;
}

function isWorse(priorities: Float64Array, a: number, b: number): boolean {
  return priorities[a] < priorities[b] || (priorities[a] === priorities[b] && a > b);
}
