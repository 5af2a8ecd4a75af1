/** Finds numbers in ascending lists by halving them. */

/** @returns The first place whose number is not below the value; the length where all are. */
export function placeOf(ascending: Int32Array, value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function isAmong(ascending: Int32Array, value: number): boolean {
  return ascending[placeOf(ascending, value)] === value;
}
