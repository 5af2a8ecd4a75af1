/** How many decode workers a server has, and how many threads each of them. */
import { availableParallelism, totalmem } from 'node:os';

import type { DeviceKind } from '../../models/compute/device';

/** What the event loop, the database and a small model need before the first worker. */
const FIRST_BYTES = 768 * 2 ** 20;
/** What each worker more needs beside the weights that all share. */
const BYTES_PER_WORKER = 384 * 2 ** 20;

/** Several workers would each have a copy of the model on the card. */
const GRAPHICS_BACKENDS: ReadonlySet<DeviceKind | 'auto'> = new Set(['onnx-cuda', 'onnx-webgpu', 'tfjs-node-gpu']);

export interface Room {
  readonly cores: number;
  readonly memoryBytes: number;
}

/**
 * @param workers - As the settings have it; absent: as many as the machine has room for.
 * @returns Several workers keep the cores busy with one thread each; one worker alone has a thread a core.
 */
export function decodeWorkerPlan(backend: DeviceKind | 'auto', workers?: number): { count: number; threads: number } {
  const count = workers ?? defaultDecodeWorkers(backend);
  return { count, threads: count === 1 ? availableParallelism() : 1 };
}

/** @returns One worker a core, but no more than the memory allows, and at least one. */
export function defaultDecodeWorkers(backend: DeviceKind | 'auto', room: Room = roomHere()): number {
  if (GRAPHICS_BACKENDS.has(backend)) return 1;
  const byMemory = 1 + Math.floor((room.memoryBytes - FIRST_BYTES) / BYTES_PER_WORKER);
  return Math.max(1, Math.min(room.cores, byMemory));
}

/** The limit of a container counts, not what the host has. */
function roomHere(): Room {
  const limit = process.constrainedMemory() || Infinity;
  return { cores: availableParallelism(), memoryBytes: Math.min(limit, totalmem()) };
}
