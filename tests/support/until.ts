/** Waits for what nothing tells of, such as the state of another process. */
import { setTimeout } from 'node:timers/promises';

/** So short that no test is slower by it, and so long that what it waits for gets the processor. */
const PAUSE_MS = 20;

/** @returns What `look` finds, once it finds something. The time limit of the test ends a wait in vain. */
export async function until<T>(look: () => Promise<T | null | false> | T | null | false): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== null && found !== false) return found;
    await setTimeout(PAUSE_MS);
  }
}
