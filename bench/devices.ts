/** Devices, opened as the server's workers open them. */
import { availableParallelism } from 'node:os';

import { openDevice } from '../models/compute/backends';
import type { Device } from '../models/compute/device';
import type { Threads } from './claim';

/** With all cores: as in the train worker. With one: as in a decode worker. */
export function benchDevice(threads: Threads): Promise<Device> {
  return openDevice({ backend: 'onnx-cpu', threads: countOf(threads) });
}

export function countOf(threads: Threads): number {
  return threads === 'one' ? 1 : availableParallelism();
}
