/** Several arrays as one. */
import type { Values } from './rows';

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
