/** Opens checkpoints for work that others wait for, such as a change of the catalogue: a store that hangs holds nobody up for long. */
import { setTimeout } from 'node:timers/promises';

import { type CheckpointStore, CheckpointStoreError } from './checkpoint-store';

const MAX_WAIT_MS = 10_000;

/**
 * @returns A function that does the same as `store.open`, but rejects with a `CheckpointStoreError` after 10 seconds. The store goes on
 *   opening the checkpoint. Until it has done so, further calls for this checkpoint reject at once.
 */
export function openSoonFrom(
  store: Pick<CheckpointStore, 'open'>,
  maxWaitMs = MAX_WAIT_MS,
): (key: string) => Promise<string> {
  const waited = new Map<string, Promise<string>>();
  const start = (key: string) => {
    const opened = store.open(key).finally(() => waited.delete(key));
    const opening = Promise.race([opened, tooLate(key, maxWaitMs)]);
    waited.set(key, opening);
    return opening;
  };
  return (key) => waited.get(key) ?? start(key);
}

async function tooLate(key: string, maxWaitMs: number): Promise<never> {
  await setTimeout(maxWaitMs, undefined, { ref: false });
  const expected = `expected it of the checkpoint store within ${maxWaitMs} ms`;
  throw new CheckpointStoreError(`${key}: ${expected}, got no answer; the server keeps trying`);
}
