/** Devices, opened as the server's two workers open them. */
import { availableParallelism } from 'node:os';

import { openDevice } from '../models/compute/backends';
import type { Device } from '../models/compute/device';

/** As in the train worker: with every core. */
export function trainingDevice(): Promise<Device> {
  return openDevice({ backend: 'onnx-cpu', threads: availableParallelism() });
}

/** As in the recommend worker: with one thread per operation. */
export function servingDevice(): Promise<Device> {
  return openDevice({ backend: 'onnx-cpu', threads: 1 });
}
