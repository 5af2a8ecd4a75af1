/** The paths of checkpoints: stored relative to DATA_DIR, so that the folder can be moved. */
import { existsSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';

/** @returns The path for the database, with `/` on every system. */
export function storedPath(dataDir: string, dir: string): string {
  return relative(dataDir, dir).split(sep).join('/');
}

/**
 * @param stored - As `storedPath` made it. Older versions stored absolute paths, or paths from the working directory: such a path is
 *   taken where it leads to a folder; otherwise the job's folder in DATA_DIR is.
 */
export function checkpointPath(dataDir: string, stored: string): string {
  if (stored.startsWith('jobs/')) return join(dataDir, stored);
  const before = resolve(stored);
  const inJobs = /(?:^|[\\/])(jobs[\\/][^\\/]+[\\/]checkpoint)$/.exec(stored)?.[1];
  if (existsSync(before) || inJobs === undefined) return isAbsolute(stored) ? stored : before;
  return join(dataDir, inJobs);
}
