/** Divides the machine among threads: how many decode workers there are, how many threads each has, and which threads go first. */
import { readlinkSync } from 'node:fs';
import { availableParallelism, totalmem, constants, setPriority } from 'node:os';

import type { DeviceKind } from '../../models/compute/device';

/** Memory for the event loop, the database and a small model, before the first worker. */
const FIRST_BYTES = 768 * 2 ** 20;
/** Memory for each further worker, beside the weights that all share. */
const BYTES_PER_WORKER = 384 * 2 ** 20;

/** Several workers would each have a copy of the model on the card. */
const GRAPHICS_BACKENDS: ReadonlySet<DeviceKind | 'auto'> = new Set(['onnx-cuda', 'onnx-webgpu', 'tfjs-node-gpu']);

export interface Room {
  readonly cores: number;
  readonly memoryBytes: number;
}

/**
 * @param workers - As the settings have it; absent: as many as the machine has room for.
 * @returns Several workers keep the cores busy with one thread each; one worker alone has a thread per core.
 */
export function decodeWorkerPlan(backend: DeviceKind | 'auto', workers?: number): { count: number; threads: number } {
  const count = workers ?? defaultDecodeWorkers(backend);
  return { count, threads: count === 1 ? roomHere().cores : 1 };
}

/** @returns One worker per core, but no more than the memory allows, and at least one. */
export function defaultDecodeWorkers(backend: DeviceKind | 'auto', room: Room = roomHere()): number {
  if (GRAPHICS_BACKENDS.has(backend)) return 1;
  const byMemory = 1 + Math.floor((room.memoryBytes - FIRST_BYTES) / BYTES_PER_WORKER);
  return Math.max(1, Math.min(room.cores, byMemory));
}

/** The limits of a container count, not what the host has; of its processors only from Node 22 on. */
export function roomHere(): Room {
  const limit = process.constrainedMemory() || Infinity;
  return { cores: availableParallelism(), memoryBytes: Math.min(limit, totalmem()) };
}

/** Priority of threads with work that takes minutes: they get what the others leave. */
export const LOWEST_PRIORITY = constants.priority.PRIORITY_LOW;
/** Beside the event loop, a thread with this priority gets a third of a core that both want. */
export const LESSER_PRIORITY = 3;

/**
 * Gives a lower priority to the calling thread and to the threads that it starts later. It works on Linux alone, where each
 * thread has an id that `setPriority` accepts; elsewhere it does nothing.
 *
 * @param priority - From 0, which all threads begin with, to 19, the lowest.
 */
export function lowerThreadPriority(priority: number): void {
  const thread = ownThread();
  if (thread !== null) setPriority(thread, priority);
}

/** @returns This thread's id, read from a link such as `123/task/456`; null on other systems. */
function ownThread(): number | null {
  if (process.platform !== 'linux') return null;
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').pop());
  } catch {
    return null; // a sandbox without /proc
  }
}
