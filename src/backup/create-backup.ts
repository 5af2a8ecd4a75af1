/** Makes a backup of a SQLite database and its checkpoints, while a server may run. */
import { existsSync } from 'node:fs';
import { copyFile, lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { isCheckpointError } from '../../models/checkpoint/checkpoint';
import { makeFolder } from '../../models/checkpoint/make-folder';
import { type CheckpointStore } from '../checkpoints/checkpoint-store';
import { flush } from '../files/disk';
import { readSnapshot, snapshotSqlite } from '../storage/sqlite-snapshot';
import {
  BackupError,
  type BackupManifest,
  DATABASE,
  describeFiles,
  BACKUP_MANIFEST,
  manifestText,
} from './backup-manifest';

export interface BackupSource {
  /** Path of the SQLite file. */
  readonly path: string;
  readonly store: Pick<CheckpointStore, 'open'>;
  /** Version of tigerql. */
  readonly version: string;
}

/** Only the owner may read a backup: it has the histories of customers. */
const FOLDER_MODE = 0o700;

/**
 * Writes `dir.partial`, and renames it to `dir` when all files are on the disk.
 *
 * First comes the database as it is at one moment, then the checkpoints that it names. Those do not change any more, and they are not
 * removed, so a server may run meanwhile.
 *
 * @throws {BackupError} When the folder exists, or when an earlier backup to it has been killed.
 * @throws {DatabaseError} When the database cannot be copied.
 * @throws {CheckpointStoreError} When the store of the checkpoints cannot be read: a backup without them would look whole.
 * @throws The signal's reason, or an `AbortError` in the middle of a file, when it is aborted.
 */
export async function createBackup(source: BackupSource, dir: string, signal: AbortSignal): Promise<BackupManifest> {
  const target = resolve(dir);
  const partial = `${target}.partial`;
  if (existsSync(target)) throw new BackupError(`${target}: expected a folder that does not exist, got one that does`);
  await makeFolder(dirname(target));
  await mkdir(partial, { mode: FOLDER_MODE }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new BackupError(`${partial}: expected no unfinished backup, got one; remove it when no backup is being made`);
  });
  try {
    const manifest = await fill(partial, source, signal);
    signal.throwIfAborted();
    await rename(partial, target);
    await flush(dirname(target));
    return manifest;
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined); // the first error says more
    throw error;
  }
}

async function fill(partial: string, source: BackupSource, signal: AbortSignal): Promise<BackupManifest> {
  const createdAt = new Date().toISOString();
  const database = join(partial, DATABASE);
  snapshotSqlite(source.path, database);
  signal.throwIfAborted();
  const { migrations, checkpointDirs, unfinishedJobs } = readSnapshot(database);
  const missingCheckpoints = await copyCheckpoints(source.store, checkpointDirs, partial, signal);
  const files = await describeFiles(partial, signal);
  const facts = { createdAt, version: source.version, migrations: [...migrations], missingCheckpoints, unfinishedJobs };
  const text = manifestText({ ...facts, files });
  await writeFile(join(partial, BACKUP_MANIFEST), text, { flush: true });
  await flush(partial);
  return JSON.parse(text) as BackupManifest;
}

/** @returns Those that are not there. A backup without an old version's checkpoint is better than none. */
async function copyCheckpoints(
  store: BackupSource['store'],
  stored: readonly string[],
  partial: string,
  signal: AbortSignal,
): Promise<string[]> {
  const missing: string[] = [];
  for (const each of stored) {
    signal.throwIfAborted();
    const from = await folderOf(store, each);
    if (from === null) missing.push(each);
    else await copyPlainFiles(from, join(partial, each));
  }
  return missing;
}

/** @returns Null when the store has no such checkpoint. @throws {CheckpointStoreError} When the store cannot be read. */
async function folderOf(store: BackupSource['store'], stored: string): Promise<string | null> {
  return store.open(stored).catch((error: Error) => {
    if (isCheckpointError(error)) return null;
    throw error;
  });
}

/** Links, pipes and devices are no part of a checkpoint, and are left out. */
async function copyPlainFiles(from: string, to: string): Promise<void> {
  await makeFolder(to);
  for (const name of await readdir(from)) {
    if ((await lstat(join(from, name))).isFile()) await copyFile(join(from, name), join(to, name));
  }
}
