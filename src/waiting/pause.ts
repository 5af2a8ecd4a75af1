/** Waits between two attempts. */
import { setTimeout } from 'node:timers/promises';

/** Resolves when the time is over or the signal is aborted. The process may end meanwhile. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
