/** Where the checkpoint of a key lies in DATA_DIR. Keys are paths relative to it, so that the folder can be moved. */
import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';

/**
 * @param stored - A key. Older versions stored absolute paths, or paths from the working directory: such a path is
 *   taken where it leads to a folder; otherwise the job's folder in DATA_DIR is.
 */
export function checkpointPath(dataDir: string, stored: string): string {
  if (stored.startsWith('jobs/')) return join(dataDir, stored);
  const before = resolve(stored);
  const inJobs = pathInDataDir(stored);
  if (existsSync(before) || inJobs === null) return isAbsolute(stored) ? stored : before;
  return join(dataDir, inJobs);
}

/** @returns Where a stored path lies in any DATA_DIR, with `/`; null when it is not the path of a job's checkpoint. */
export function pathInDataDir(stored: string): string | null {
  return /(?:^|[\\/])(jobs[\\/][^\\/]+[\\/]checkpoint(?:-\d+)?)$/.exec(stored)?.[1].replaceAll('\\', '/') ?? null;
}

/** @param stored - As of `checkpointPath`. @returns The key that the checkpoint has in a store. */
export function keyOf(stored: string): string {
  return pathInDataDir(stored) ?? stored;
}
