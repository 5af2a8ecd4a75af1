/** Runs a training again, from its last state, after a fault that may end by itself: a full disk, or the end of the thread that trains. */
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { isWorkerDeath } from '../errors';
import { isDiskFault } from '../files/file-fault';
import { untilAnswered } from '../storage/database-error';

/** When so many threads have ended before the training stored a new state, most often for lack of memory, the next one would end too. */
const MAX_THREAD_DEATHS = 3;
/** A state of a small model. With less room the training would soon end again. */
const ROOM_BYTES = 2 ** 24;
/** A disk that has just room enough for the test, but not for the state, is not tried without a pause. */
const PAUSE_MS = 1_000;

export interface LastingRunOptions {
  /** Where the training keeps its state. */
  readonly jobDir: string;
  /** Called with the reason when the training cannot go on before the disk can be written. */
  readonly onWait: (reason: string) => void;
  /** Called when the training goes on in a new thread. */
  readonly onDeath: (error: Error) => void;
  readonly signal: AbortSignal;
}

/** @param run - Goes on from the state in the job's folder. It calls `onState` when there is a new one: deaths before it count no more. */
export async function runLasting<T>(run: (onState: () => void) => Promise<T>, options: LastingRunOptions): Promise<T> {
  for (let deaths = 0; ;) {
    try {
      return await run(() => (deaths = 0));
    } catch (error) {
      options.signal.throwIfAborted();
      if (isDiskFault(error)) await untilRoom(error as Error, options);
      else if (isWorkerDeath(error) && ++deaths < MAX_THREAD_DEATHS) options.onDeath(error as Error);
      else throw error;
    }
  }
}

async function untilRoom({ message }: Error, { jobDir, onWait, signal }: LastingRunOptions): Promise<void> {
  onWait(`${jobDir}: expected a disk with room, got ${message}; make room, then the training goes on by itself`);
  await setTimeout(PAUSE_MS, undefined, { signal });
  await untilAnswered(() => tryRoom(jobDir), { onFault: () => undefined, signal });
}

async function tryRoom(dir: string): Promise<void> {
  const path = join(dir, `.room-${randomUUID()}`);
  try {
    await writeFile(path, Buffer.alloc(ROOM_BYTES));
  } finally {
    await rm(path, { force: true });
  }
}
