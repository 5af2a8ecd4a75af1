/** Devices as the product's two workers open them. */
import { availableParallelism } from 'node:os';

import { openDevice, type Device } from '../models/tiger';

/** As the train worker: every core. */
export function trainingDevice(): Promise<Device> {
  return openDevice({ backend: 'onnx-cpu', threads: availableParallelism() });
}

/** As the recommend worker: one thread an operation. */
export function servingDevice(): Promise<Device> {
  return openDevice({ backend: 'onnx-cpu', threads: 1 });
}
