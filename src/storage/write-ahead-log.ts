/**
 * SQLite's write-ahead log: brings what is committed to the disk, and moves it into the database, without blocking the event loop.
 *
 * Sync: in WAL mode a commit is safe from a power cut as soon as the log is on the disk. Under `synchronous = FULL` SQLite waits for that
 * on the thread that commits, once for each commit. Here a thread of Node's pool waits, and all commits made in the meantime share the
 * next wait (group commit).
 *
 * Checkpoints: SQLite itself makes them within a commit, as soon as the log has a thousand pages. Here a thread of the driver makes one
 * in each second with commits, and reads go on meanwhile. Writes do not: the log begins anew only when all of it has been moved, so it
 * would grow for as long as an import takes.
 *
 * Source: https://sqlite.org/wal.html, sections 2.1, 3 and 6.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';

import Libsql from 'libsql/promise';

import { flush } from '../files/disk';
import { messageOf } from '../message-of';
import { shareRuns } from '../waiting/promises';
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
  const flushed = sharedFlush(() => log.datasync());
  return {
    sync: () =>
      flushed().catch((error: unknown) => {
        const got = `${messageOf(error)}; repair the disk and start again`;
        throw new DatabaseError(`SQLite file ${path}: expected its disk to keep the changes, got ${got}`, {
          cause: error,
        });
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
  return shareRuns(() => (flushed = flushed.then(flushNow)));
}

const MIN_PAUSE_MS = 1_000;

/** Runs work while nobody in this process writes. */
export type WithoutWriters = (work: () => Promise<void>) => Promise<void>;

export interface WalCheckpoints {
  /** Moves what there is, unless that was done a moment ago, and returns at once. Never fails: what cannot be moved stays in the log. */
  afterCommit(withoutWriters: WithoutWriters): void;
  /** Resolves when nothing is being moved any more. */
  dispose(): Promise<void>;
}

/** @param path - Of the database, which is in WAL mode, open, and makes no checkpoints of its own (`wal_autocheckpoint = 0`). */
export function openWalCheckpoints(path: string): WalCheckpoints {
  const connection = new Libsql(path, {});
  const move = () => connection.exec('PRAGMA wal_checkpoint(PASSIVE)') as Promise<void>;
  let moving: Promise<void> | null = null;
  let movedAt = performance.now();
  let isDisposed = false;
  return {
    afterCommit(withoutWriters) {
      if (isDisposed || moving !== null || performance.now() - movedAt < MIN_PAUSE_MS) return;
      moving = withoutWriters(move)
        .catch(() => undefined)
        .finally(() => {
          moving = null;
          movedAt = performance.now();
        });
    },
    async dispose() {
      isDisposed = true;
      await moving;
      connection.close();
    },
  };
}
