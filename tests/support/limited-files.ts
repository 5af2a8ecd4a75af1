/** Runs the built command line where no file may grow over a size, as on a disk with as much room. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../../src/paths';
import type { Finished } from './tigerql';

/**
 * @param dir - Holds the database and all else that the command keeps.
 * @param kib - What each file that the command writes may have. A write that ends over it writes as much as fits, and does not fail.
 * @param outFile - Gets standard output, in the folder.
 */
export function tigerqlWithFilesOf(kib: number, dir: string, args: readonly string[], outFile: string): Finished {
  const main = join(PACKAGE_ROOT, 'dist', 'src', 'main.js');
  const script = `ulimit -f ${kib}; exec "$0" "$@" > ${outFile}`;
  const { status, stderr } = spawnSync('bash', ['--norc', '-c', script, process.execPath, main, ...args], {
    cwd: dir,
    env: { PATH: process.env.PATH, DATABASE_URL: `file:${join(dir, 'shop.db')}`, DATA_DIR: dir },
    encoding: 'utf8',
  });
  return { code: status, stdout: '', stderr };
}
