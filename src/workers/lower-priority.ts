/** Lowers the priority of a thread with long work, so that the threads that answer requests go first. */
import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/**
 * Gives the lowest priority to the calling thread and to the threads that it starts later.
 *
 * It works on Linux alone, where each thread has an id that `setPriority` accepts; elsewhere it does nothing.
 */
export function lowerThreadPriority(): void {
  const thread = ownThread();
  if (thread !== null) setPriority(thread, constants.priority.PRIORITY_LOW);
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
