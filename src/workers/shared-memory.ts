/** Memory that threads share: an array on it crosses a thread without being copied. A thread that gets one must not change it. */

type NumberArray = Int32Array | Float32Array | Uint8Array;

/** @returns A copy on shared memory. */
export function sharedArray<T extends NumberArray>(array: T): T {
  const buffer = new SharedArrayBuffer(array.byteLength);
  const copy = new (array.constructor as new (buffer: SharedArrayBuffer) => T)(buffer);
  copy.set(array);
  return copy;
}
