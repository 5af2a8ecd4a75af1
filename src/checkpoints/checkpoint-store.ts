/** The port to the checkpoints, whatever the store is. */
import { join } from 'node:path';

import { withTimeout } from '../waiting/promises';

/** A change of the catalogue waits no longer for a checkpoint. */
const MAX_WAIT_MS = 10_000;

/** A key is a relative path with `/`: `jobs/<job>/<name>`. A checkpoint under a key never changes. */
export interface CheckpointStore {
  /** Stores the files of the folder `dir`. Until all are stored, the key has no checkpoint. */
  save(key: string, dir: string): Promise<void>;
  /**
   * @returns A folder with the checkpoint, which stays as it is for minutes at least. Whoever loads it verifies it.
   * @throws {CheckpointError} When the store has no such checkpoint, or a damaged one.
   * @throws {CheckpointStoreError} When the store cannot be read or the copy not be written: try again later.
   */
  open(key: string): Promise<string>;
  /** @returns The keys of all checkpoints, and of what killed processes have stored in part. */
  list(): Promise<readonly string[]>;
  remove(key: string): Promise<void>;
  /** Why the store could not be used at the last attempt, in words that everybody may read; null when it could. */
  readonly problem: string | null;
}

/** The store cannot be used now. Its message says where, what and why, without secrets. */
export class CheckpointStoreError extends Error {
  override readonly name = 'CheckpointStoreError';
}

/** @returns The folder of the copies out of a remote store. */
export function cacheFolder(dataDir: string): string {
  return join(dataDir, 'cache');
}

/**
 * Opens checkpoints for work that others wait for: a store that hangs holds nobody up for long.
 *
 * @returns A function that does the same as `store.open`, but rejects with a `CheckpointStoreError` after 10 seconds. The store goes on
 *   opening the checkpoint.
 */
export function openSoonFrom(
  store: Pick<CheckpointStore, 'open'>,
  maxWaitMs = MAX_WAIT_MS,
): (key: string) => Promise<string> {
  return async (key) => {
    const dir = await withTimeout(maxWaitMs, store.open(key), null);
    if (dir !== null) return dir;
    const expected = `expected it of the checkpoint store within ${maxWaitMs} ms`;
    throw new CheckpointStoreError(`${key}: ${expected}, got no answer; the server keeps trying`);
  };
}
