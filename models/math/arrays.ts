/** Searches, cuts, groups, joins and grows lists and flat arrays. */
import type { Values } from './rows';

/** @returns The first place whose number is not below the value; the length where all are. */
export function placeOf(ascending: Int32Array | Float64Array, value: number): number {
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

/** @returns The values in their order, `size` at a time; the last chunk may be shorter, and none is empty. */
export function* chunksOf<T>(values: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < values.length; start += size) yield values.slice(start, start + size);
}

/** @returns So many of the values at most, evenly spread, in their order. */
export function evenlySpread<T>(values: readonly T[], most: number): readonly T[] {
  if (values.length <= most) return values;
  return Array.from({ length: most }, (_, i) => values[Math.floor((i * values.length) / most)]);
}

/** @returns The values by their keys, in their order; the groups in the order of their first values. */
export function groupBy<T, K>(values: Iterable<T>, keyOf: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) addToGroup(groups, keyOf(value), value);
  return groups;
}

/** Adds a value at the end of its group. */
export function addToGroup<K, T>(groups: Map<K, T[]>, key: K, value: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [value]);
  else group.push(value);
}

/** @returns A new array with the numbers of all, in their order. */
export function joinArrays<T extends Values | Uint8Array>(type: new (length: number) => T, arrays: readonly T[]): T {
  const joined = new type(arrays.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const array of arrays) {
    joined.set(array, end);
    end += array.length;
  }
  return joined;
}

const FIRST_LENGTH = 1024;

/** Numbers that come one by one, a few bytes each: a plain array of millions takes many times as much while it grows. */
export class GrowingArray<T extends Int32Array | Uint32Array | Float64Array | Uint8Array> {
  private room: T;
  private end = 0;

  constructor(private readonly type: new (length: number) => T) {
    this.room = new type(FIRST_LENGTH);
  }

  get length(): number {
    return this.end;
  }

  at(index: number): number {
    return this.room[index];
  }

  push(value: number): void {
    if (this.end === this.room.length) this.grow();
    this.room[this.end++] = value;
  }

  /** @returns A copy that is just long enough. */
  values(): T {
    return this.room.slice(0, this.end) as T;
  }

  /** @returns The numbers so far, without a copy: a later `push` may not be seen in it. */
  view(): T {
    return this.room.subarray(0, this.end) as T;
  }

  private grow(): void {
    const { room } = this;
    this.room = new this.type(2 * room.length);
    this.room.set(room);
  }
}
