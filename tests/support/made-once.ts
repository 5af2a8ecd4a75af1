/** Files that the first test that asks makes, for all tests of the run to copy. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { until } from './until';

/** The variable that names the folder of such files, which Jest makes for each run. */
export const MADE_FILES = 'TIGERQL_TEST_FILES';
/** The variable with the process ID of the run, which such files must not outlast. */
export const RUN_PID = 'TIGERQL_TEST_PID';

/**
 * @param make - Fills an empty folder. Two processes that ask at once make it once.
 * @returns The folder, for reading only.
 */
export async function madeOnce(name: string, make: (dir: string) => Promise<unknown>): Promise<string> {
  // A program that runs without Jest has files of its own.
  process.env[MADE_FILES] ??= await mkdtemp(join(tmpdir(), 'tigerql-made-'));
  process.env[RUN_PID] ??= String(process.pid);
  const made = join(process.env[MADE_FILES], name);
  const [lock, unfinished] = [`${made}.lock`, `${made}.unfinished`];
  while (!existsSync(made)) {
    if (!(await isFirst(lock))) await until(() => existsSync(made) || !existsSync(lock));
    else if (!existsSync(made)) {
      try {
        await rm(unfinished, { recursive: true, force: true });
        await mkdir(unfinished);
        await make(unfinished);
        await rename(unfinished, made);
      } finally {
        await rm(lock, { recursive: true });
      }
    }
  }
  return made;
}

function isFirst(lock: string): Promise<boolean> {
  return mkdir(lock).then(
    () => true,
    () => false,
  );
}
