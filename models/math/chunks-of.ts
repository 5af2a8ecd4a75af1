/** Cuts a list into chunks. */

/** @returns The values in their order, `size` at a time; the last chunk may be shorter, and none is empty. */
export function* chunksOf<T>(values: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < values.length; start += size) yield values.slice(start, start + size);
}
