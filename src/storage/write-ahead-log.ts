/**
 * SQLite's write-ahead log: brings what is committed to the disk, and moves it into the database, without blocking the event loop.
 *
 * Sync: in WAL mode a commit is safe from a power cut as soon as the log is on the disk. Under `synchronous = FULL` SQLite waits for that
 * on the thread that commits, once for each commit. Here a thread of Node's pool waits, and all commits made in the meantime share the
 * next wait (group commit).
 *
 * Checkpoints: SQLite itself makes them within a commit, as soon as the log has a thousand pages. Here a thread of the driver makes them,
 * and reads go on meanwhile. Writes do not: the log begins anew only when all of it has been moved, so it would grow for as long as an
 * import takes.
 *
 * Sources: https://sqlite.org/wal.html, sections 2.1, 3 and 6; https://sqlite.org/walformat.html, section 2.1.
 */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { endianness } from 'node:os';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import Libsql from 'libsql/promise';

import { flush } from '../files/disk';
import { messageOf } from '../message-of';
import { shareRuns } from '../waiting/promises';
import { DatabaseError } from './database-error';

export interface WalSync {
  /**
   * Resolves when all that was committed before the call is on the disk, in the file that the path names.
   *
   * @throws {DatabaseError} When the disk refuses; from then on at each call, since nobody knows what it has lost. SQLite finds the
   *   whole commits at the next start. And as long as the path names another file, or none: SQLite writes to the one that it has opened,
   *   and the next start would not find it.
   */
  sync(): Promise<void>;
  dispose(): Promise<void>;
}

/** @param path - Of the database, which is in WAL mode and stays open. */
export async function openWalSync(path: string): Promise<WalSync> {
  const log = await openLog(path);
  const flushed = sharedFlush(() => log.datasync());
  const files = [path, logOf(path)];
  const opened = await identitiesOf(files);
  return {
    async sync() {
      await flushed().catch((error: unknown) => {
        const got = messageOf(error);
        throw fault(path, 'its disk to keep the changes', `${got}; repair the disk and start again`, error);
      });
      const now = await identitiesOf(files);
      if (isDeepStrictEqual(now, opened)) return;
      const got = now.includes(null) ? 'none' : 'others';
      throw fault(path, 'its files where they were opened', `${got}; put them back, or start again`);
    },
    dispose: () => log.close(),
  };
}

/** @returns What tells each file from all others; null for one that is not there. */
async function identitiesOf(paths: readonly string[]): Promise<(string | null)[]> {
  return Promise.all(
    paths.map(async (path) => {
      const found = await stat(path, { bigint: true }).catch(() => null);
      return found && `${found.dev}:${found.ino}`;
    }),
  );
}

function fault(path: string, expected: string, got: string, cause?: unknown): DatabaseError {
  return new DatabaseError(`SQLite file ${path}: expected ${expected}, got ${got}`, { cause });
}

function logOf(path: string): string {
  return `${path}-wal`;
}

/** The log stays the same file while the database is open. Its name, which is there already, must be on the disk too. */
async function openLog(path: string): Promise<FileHandle> {
  await flush(dirname(path));
  return open(logOf(path), 'r+');
}

/** A flush that failed may have lost what it was called for, and no later one tells. So after one that failed, all fail. */
export function sharedFlush(flushNow: () => Promise<void>): () => Promise<void> {
  let flushed = Promise.resolve();
  return shareRuns(() => (flushed = flushed.then(flushNow)));
}

/** As many as SQLite would let there be. */
const MAX_PAGES = 1_000;

/** Where the header of the log's index has two numbers of 32 bits: pages in the log, and how many of them are moved. */
const HEADER_BYTES = 100;
const LOGGED_AT = 16;
const MOVED_AT = 96;
/** They are as the processor has them. */
const IS_LITTLE_ENDIAN = endianness() === 'LE';

/** Runs work while nobody in this process writes. */
export type WithoutWriters = (work: () => Promise<void>) => Promise<void>;

export interface WalCheckpoints {
  /** Moves what there is, if it has become much, and returns at once. Never fails: what cannot be moved stays in the log. */
  afterCommit(withoutWriters: WithoutWriters): void;
  /** Resolves when nothing is being moved any more. */
  dispose(): Promise<void>;
}

/** @param path - Of the database, which is in WAL mode, open, and makes no checkpoints of its own (`wal_autocheckpoint = 0`). */
export async function openWalCheckpoints(path: string): Promise<WalCheckpoints> {
  const index = await open(`${path}-shm`, 'r');
  const connection = new Libsql(path, {});
  const move = () => connection.exec('PRAGMA wal_checkpoint(PASSIVE)') as Promise<void>;
  const moveIfMuch = async (withoutWriters: WithoutWriters) => {
    if ((await unmovedPages(index)) >= MAX_PAGES) await withoutWriters(move);
  };
  let moving: Promise<void> | null = null;
  let isDisposed = false;
  return {
    afterCommit(withoutWriters) {
      if (isDisposed) return;
      moving ??= moveIfMuch(withoutWriters)
        .catch(() => undefined)
        .finally(() => (moving = null));
    },
    async dispose() {
      isDisposed = true;
      await moving;
      connection.close();
      await index.close();
    },
  };
}

async function unmovedPages(index: FileHandle): Promise<number> {
  const header = new DataView(new ArrayBuffer(HEADER_BYTES));
  await index.read(header, 0, HEADER_BYTES, 0);
  return header.getUint32(LOGGED_AT, IS_LITTLE_ENDIAN) - header.getUint32(MOVED_AT, IS_LITTLE_ENDIAN);
}
