/** Puts a backup in place of an empty database and an empty data folder. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { makeFolder } from '../../models/checkpoint/make-folder';
import { flush } from '../files/disk';
import { readMigrations } from '../storage/migrations';
import { BackupError, type BackupManifest, DATABASE, verifyBackup } from './backup-manifest';

export interface RestoreTarget {
  /** Path of the SQLite file. */
  readonly path: string;
  readonly dataDir: string;
}

const JOBS = 'jobs';
/** Part of the names of files that are not in place yet. */
const MARK = '.restore-';

/**
 * Verifies the whole backup first, and writes nothing when a file is not as it was. The files are written under other names and then
 * renamed, the database last: as long as it is not there, nothing is restored.
 *
 * @throws {BackupError} When the backup is damaged or of a newer version, or when the target is not empty.
 * @throws The signal's reason, or an `AbortError` while it verifies, when it is aborted before the first rename.
 */
export async function restoreBackup(dir: string, target: RestoreTarget, signal: AbortSignal): Promise<BackupManifest> {
  await checkEmpty(target);
  const manifest = await verifyBackup(dir, signal);
  checkMigrations(dir, manifest);
  signal.throwIfAborted();
  await removeLeftovers(target);
  const mark = `${MARK}${randomUUID()}`;
  const [database, jobs] = [`${target.path}${mark}`, join(target.dataDir, `${JOBS}${mark}`)];
  try {
    for (const name of Object.keys(manifest.files)) {
      signal.throwIfAborted();
      await copyOne(join(dir, name), placeOf(name, database, jobs));
    }
    signal.throwIfAborted();
    await putInPlace({ database, jobs }, target);
  } finally {
    // An error before says more.
    for (const left of [database, jobs]) await rm(left, { recursive: true, force: true }).catch(() => undefined);
  }
  return manifest;
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

/** Removes what a restoration that was killed has left. */
async function removeLeftovers({ path, dataDir }: RestoreTarget): Promise<void> {
  for (const place of [path, join(dataDir, JOBS)]) {
    const names = await readdir(dirname(place)).catch(() => []);
    for (const name of names.filter((each) => each.startsWith(`${basename(place)}${MARK}`)))
      await rm(join(dirname(place), name), { recursive: true, force: true });
  }
}

function checkMigrations(dir: string, { migrations, version }: BackupManifest): void {
  const known = new Set(readMigrations('sqlite').map(({ name }) => name));
  const unknown = migrations.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new BackupError(
    `${dir}: expected a backup of this version or an older one, got one of tigerql ${version} with the migration ${unknown}`,
  );
}

/** @param name - In the backup: the database, or `jobs/…`. */
function placeOf(name: string, database: string, jobs: string): string {
  if (name === DATABASE) return database;
  if (name.startsWith(`${JOBS}/`)) return join(jobs, name.slice(JOBS.length + 1));
  throw new BackupError(`manifest: expected ${DATABASE} or files in ${JOBS}/, got ${name}`);
}

async function copyOne(from: string, to: string): Promise<void> {
  await makeFolder(dirname(to));
  await copyFile(from, to);
  await flush(to);
  await flush(dirname(to));
}

async function putInPlace(written: { database: string; jobs: string }, { path, dataDir }: RestoreTarget) {
  if (existsSync(written.jobs)) {
    await rmdir(join(dataDir, JOBS)).catch(() => undefined); // an empty one
    await rename(written.jobs, join(dataDir, JOBS));
    await flush(dataDir);
  }
  await rename(written.database, path);
  await flush(dirname(path));
}
