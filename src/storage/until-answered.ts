/** Repeats work on the database until it answers: a lock, a full disk or a lost connection may pass. */
import { setTimeout } from 'node:timers/promises';

import { GrowingWait } from '../waiting/growing-wait';
import { isDatabaseFault, isExpired } from './database-error';
import { isDiskFault } from './disk-fault';

const FIRST_WAIT_MS = 100;
const MAX_WAIT_MS = 30_000;
/** A slow disk may pass. A transaction that has too much to do would hold the write lock again and again. */
const MAX_EXPIRED = 3;

/**
 * @param work - Safe to repeat, also when an attempt has done its work and only its answer was lost.
 * @param options.onFault - Called once, at the first attempt that finds no answer.
 * @throws An error that a repetition would only bring again, such as a broken constraint, or the third transaction that takes too long.
 * @throws {AbortError} When the signal is aborted between two attempts.
 */
export async function untilAnswered<T>(
  work: () => Promise<T>,
  { onFault, signal }: { readonly onFault: (error: unknown) => void; readonly signal: AbortSignal },
): Promise<T> {
  const wait = new GrowingWait(FIRST_WAIT_MS, MAX_WAIT_MS);
  for (let numExpired = 0; ;) {
    try {
      return await work();
    } catch (error) {
      if (![isDatabaseFault, isStoreFault, isDiskFault].some((isFault) => isFault(error))) throw error;
      if (isExpired(error) && ++numExpired === MAX_EXPIRED) throw error;
      if (!wait.isFailing) onFault(error);
      await setTimeout(wait.afterFailure(), undefined, { signal });
    }
  }
}

/** Whether the checkpoint store gave no answer. */
export function isStoreFault(error: unknown): boolean {
  return error instanceof Error && error.name === 'CheckpointStoreError';
}
