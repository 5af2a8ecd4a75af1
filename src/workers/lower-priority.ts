/** Lets a thread of long work yield to the threads that answer requests. */
import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/**
 * Gives the calling thread, and those that it starts from now on, the lowest priority: it then takes what the others leave.
 *
 * On Linux alone, where a thread has a number of its own that the call for processes takes; elsewhere it does nothing.
 */
export function lowerThreadPriority(): void {
  const thread = ownThread();
  if (thread !== null) setPriority(thread, constants.priority.PRIORITY_LOW);
}

/** @returns This thread's number, out of a link such as `123/task/456`. */
function ownThread(): number | null {
  if (process.platform !== 'linux') return null;
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').pop());
  } catch {
    return null; // no /proc: a sandbox
  }
}
