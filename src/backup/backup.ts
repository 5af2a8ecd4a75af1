/** Copies of all that a SQLite server keeps: the database, and the checkpoints that it names, in the folders of a DATA_DIR. */
import { existsSync } from 'node:fs';
import { copyFile, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { hasCheckpoint, isCheckpointError, verifyCheckpoint } from '../../models/checkpoint/checkpoint';
import { makeFolder } from '../../models/checkpoint/make-folder';
import type { CheckpointStore } from '../checkpoints/checkpoint-store';
import { flush, writeNewFolder } from '../files/disk';
import { readMigrations } from '../storage/migrations';
import { readSnapshot, type SnapshotContents, snapshotSqlite } from '../storage/sqlite-snapshot';

export const DATABASE = 'database.db';
const JOBS = 'jobs';

export class BackupError extends Error {
  override readonly name = 'BackupError';
}

export interface BackupSource {
  /** Path of the SQLite file. */
  readonly path: string;
  readonly store: Pick<CheckpointStore, 'open'>;
}

export interface BackupSummary {
  readonly checkpoints: number;
  /** Checkpoints that the database names but that are not there. */
  readonly missingCheckpoints: readonly string[];
  /** Training jobs that start from the beginning after a restoration. */
  readonly unfinishedJobs: number;
}

/**
 * First comes the database as it is at one moment, then the checkpoints that it names. Those do not change any more, and they are not
 * removed, so a server may run meanwhile.
 *
 * @throws {FolderError} When the folder exists, or when an earlier backup to it has been killed.
 * @throws {DatabaseError} When the database cannot be copied.
 * @throws {CheckpointStoreError} When the store of the checkpoints cannot be read: a backup without them would look whole.
 * @throws The signal's reason when it is aborted.
 */
export async function createBackup({ path, store }: BackupSource, dir: string, signal: AbortSignal) {
  return writeNewFolder(dir, async (partial) => {
    snapshotSqlite(path, join(partial, DATABASE));
    const contents = readSnapshot(join(partial, DATABASE));
    return copyCheckpoints(contents, (key) => store.open(key).catch(nullWhenNone), partial, signal);
  });
}

/** A backup without an old version's checkpoint is better than none. */
function nullWhenNone(error: Error): null {
  if (isCheckpointError(error)) return null;
  throw error;
}

/** @param folderOf - Gives the folder of a checkpoint; null when there is none. */
async function copyCheckpoints(
  { checkpointDirs, unfinishedJobs }: SnapshotContents,
  folderOf: (key: string) => Promise<string | null>,
  to: string,
  signal: AbortSignal,
): Promise<BackupSummary> {
  const missingCheckpoints: string[] = [];
  for (const key of checkpointDirs) {
    signal.throwIfAborted();
    const from = await folderOf(key);
    if (from === null) missingCheckpoints.push(key);
    else await copyFiles(from, join(to, key));
  }
  return { checkpoints: checkpointDirs.length - missingCheckpoints.length, missingCheckpoints, unfinishedJobs };
}

async function copyFiles(from: string, to: string): Promise<void> {
  await makeFolder(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    await copyFile(join(from, entry.name), join(to, entry.name));
    await flush(join(to, entry.name));
  }
}

export interface RestoreTarget {
  /** Path of the SQLite file. */
  readonly path: string;
  readonly dataDir: string;
}

/**
 * Puts a backup in place of an empty database and an empty data folder. It verifies the database and each checkpoint. The database gets its
 * name last: as long as it is not there, nothing is restored.
 *
 * @throws {BackupError} When the backup is of a newer version, or when the target is not empty.
 * @throws {DatabaseError | CheckpointError} When the backup is damaged.
 * @throws The signal's reason when it is aborted.
 */
export async function restoreBackup(dir: string, target: RestoreTarget, signal: AbortSignal): Promise<BackupSummary> {
  await checkEmpty(target);
  const { path, dataDir } = target;
  const database = join(dir, DATABASE);
  if (!existsSync(database)) throw new BackupError(`${database}: expected the database of a backup, got none`);
  const contents = readSnapshot(database);
  checkMigrations(dir, contents);
  const verified = async (key: string) => {
    const from = join(dir, key);
    if (!(await hasCheckpoint(from))) return null;
    await verifyCheckpoint(from);
    return from;
  };
  const partial = `${path}.partial`;
  try {
    const summary = await copyCheckpoints(contents, verified, dataDir, signal);
    await makeFolder(dirname(path));
    await copyFile(database, partial);
    await flush(partial);
    await rename(partial, path);
    await flush(dirname(path));
    return summary;
  } catch (error) {
    // The first error says more.
    for (const left of [partial, join(dataDir, JOBS)])
      await rm(left, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
}

async function checkEmpty({ path, dataDir }: RestoreTarget): Promise<void> {
  const present = [path, `${path}-wal`, `${path}-shm`].find((file) => existsSync(file));
  if (present !== undefined) throw new BackupError(`${present}: expected no database there (DATABASE_URL), got one`);
  const jobs = join(dataDir, JOBS);
  if ((await readdir(jobs).catch(() => [])).length > 0)
    throw new BackupError(
      `${jobs}: expected no training jobs there (DATA_DIR), got some; remove them if they are left from a restoration that was killed`,
    );
}

function checkMigrations(dir: string, { migrations }: SnapshotContents): void {
  const known = new Set(readMigrations('sqlite').map(({ name }) => name));
  const unknown = migrations.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new BackupError(
    `${dir}: expected a backup of this version or an older one, got one with the migration ${unknown}; restore it with a newer tigerql`,
  );
}
