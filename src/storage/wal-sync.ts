/**
 * Brings what SQLite has committed to the disk, without blocking the event loop.
 *
 * In WAL mode a commit is safe from a power cut as soon as the write-ahead log is on the disk. SQLite itself waits for that under
 * `synchronous = FULL`, but on the thread that commits, and once for each commit. Here a thread of Node's pool waits, and all commits
 * made in the meantime share the next wait (group commit).
 *
 * Source: https://sqlite.org/wal.html, section 3.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';

import { flush } from '../files/flush';
import { messageOf } from '../message-of';
import { sharedRun } from '../waiting/shared-run';
import { DatabaseError } from './database-error';

export interface WalSync {
  /**
   * Resolves when all that was committed before the call is on the disk.
   *
   * @throws {DatabaseError} When the disk refuses; from then on at each call, since nobody knows what it has lost. SQLite finds the
   *   whole commits at the next start.
   */
  sync(): Promise<void>;
  dispose(): Promise<void>;
}

/** @param path - Of the database, which is in WAL mode and stays open. */
export async function openWalSync(path: string): Promise<WalSync> {
  const log = await openLog(path);
  const sync = sharedFlush(() => log.datasync());
  return {
    sync: () =>
      sync().catch((error: unknown) => {
        const reason = messageOf(error);
        throw new DatabaseError(
          `SQLite file ${path}: expected its disk to keep the changes, got ${reason}; repair the disk and start again`,
          { cause: error },
        );
      }),
    dispose: () => log.close(),
  };
}

/** The log stays the same file while the database is open. Its name, which is there already, must be on the disk too. */
async function openLog(path: string): Promise<FileHandle> {
  await flush(dirname(path));
  return open(`${path}-wal`, 'r+');
}

/** A flush that failed may have lost what it was called for, and no later one tells. So after one that failed, all fail. */
export function sharedFlush(flushNow: () => Promise<void>): () => Promise<void> {
  let flushed = Promise.resolve();
  return sharedRun(() => (flushed = flushed.then(flushNow)));
}
