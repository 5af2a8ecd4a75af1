/**
 * Moves what SQLite's write-ahead log has into the database, without blocking the event loop.
 *
 * SQLite itself does that within a commit, as soon as the log has a thousand pages: on the thread that commits, which then waits for the
 * disk. Here a thread of the driver does it, and reads go on meanwhile. Writes do not: the log begins anew only when all of it has been
 * moved, so it would grow for as long as an import takes.
 *
 * Sources: https://sqlite.org/wal.html, sections 2.1 and 6; https://sqlite.org/walformat.html, section 2.1.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { endianness } from 'node:os';

import Libsql from 'libsql/promise';

/** As many as SQLite would let there be. */
const MAX_PAGES = 1_000;

/** Where the header of the log's index has two numbers of 32 bits: pages in the log, and how many of them are moved. */
const HEADER_BYTES = 100;
const LOGGED_AT = 16;
const MOVED_AT = 96;
/** They are as the processor has them. */
const IS_LITTLE_ENDIAN = endianness() === 'LE';

/** Runs work while nobody in this process writes. */
export type Alone = (work: () => Promise<void>) => Promise<void>;

export interface WalCheckpoints {
  /** Moves what there is, if it has become much, and returns at once. Never fails: what cannot be moved stays in the log. */
  afterCommit(alone: Alone): void;
  /** Resolves when nothing is being moved any more. */
  dispose(): Promise<void>;
}

/** @param path - Of the database, which is in WAL mode, open, and makes no checkpoints of its own (`wal_autocheckpoint = 0`). */
export async function openWalCheckpoints(path: string): Promise<WalCheckpoints> {
  const index = await open(`${path}-shm`, 'r');
  const connection = new Libsql(path, {});
  const move = () => connection.exec('PRAGMA wal_checkpoint(PASSIVE)') as Promise<void>;
  const moveIfMuch = async (alone: Alone) => {
    if ((await unmovedPages(index)) >= MAX_PAGES) await alone(move);
  };
  let moving: Promise<void> | null = null;
  let isDisposed = false;
  return {
    afterCommit(alone) {
      if (isDisposed) return;
      moving ??= moveIfMuch(alone)
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
