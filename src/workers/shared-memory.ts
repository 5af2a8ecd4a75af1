/** Memory that threads share: an array on it crosses a thread without being copied. A thread that gets one must not change it. */

type NumberArray = Int32Array | Uint32Array | Float32Array | Float64Array | Uint8Array;

/** @returns A copy on shared memory. */
export function sharedArray<T extends NumberArray>(array: T): T {
  const buffer = new SharedArrayBuffer(array.byteLength);
  const copy = new (array.constructor as new (buffer: SharedArrayBuffer) => T)(buffer);
  copy.set(array);
  return copy;
}

/** @param data - Plain data. @returns The same, with all its arrays of numbers on shared memory. */
export function onSharedMemory<T>(data: T): T {
  if (ArrayBuffer.isView(data)) return sharedArray(data as unknown as NumberArray) as T;
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map(onSharedMemory) as T;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, onSharedMemory(value)])) as T;
}
