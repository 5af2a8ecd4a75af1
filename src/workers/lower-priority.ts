/** Lowers the priority of a thread with long work, so that the threads that answer requests go first. */
import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/** Of threads with work that takes minutes: they get what the others leave. */
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
