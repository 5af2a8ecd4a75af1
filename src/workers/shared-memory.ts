/** Memory that threads share: an array on it crosses a thread without being copied. A thread that gets one must not change it. */
import type { Checkpoint } from '../../models/checkpoint/checkpoint';
import type { HostTensors } from '../../models/compute/device';

type NumberArray = Int32Array | Float32Array | Uint8Array;

/** @returns A copy on shared memory. */
export function sharedArray<T extends NumberArray>(array: T): T {
  const buffer = new SharedArrayBuffer(array.byteLength);
  const copy = new (array.constructor as new (buffer: SharedArrayBuffer) => T)(buffer);
  copy.set(array);
  return copy;
}

/** @returns The checkpoint with its tensors on shared memory. */
export function sharedCheckpoint({ tensors, documents }: Checkpoint): Checkpoint {
  const shared = Object.entries(tensors).map(([file, ofFile]) => [file, sharedTensors(ofFile)]);
  return { tensors: Object.fromEntries(shared) as Checkpoint['tensors'], documents };
}

function sharedTensors(tensors: HostTensors): HostTensors {
  const shared = Object.entries(tensors).map(([name, { shape, data }]) => [name, { shape, data: sharedArray(data) }]);
  return Object.fromEntries(shared) as HostTensors;
}
