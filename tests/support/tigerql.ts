/** Runs the built command line as a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { PACKAGE_ROOT } from '../../src/paths';

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * @param dir - Holds the database and all else that the command keeps.
 * @param onStderr - Called with what has come so far; may end the process with the signal that it returns.
 */
export async function tigerql(
  dir: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  onStderr: (text: string) => NodeJS.Signals | null = () => null,
): Promise<Finished> {
  const child = spawn(process.execPath, [join(PACKAGE_ROOT, 'dist', 'src', 'main.js'), ...args], {
    cwd: dir,
    env: { PATH: process.env.PATH, DATABASE_URL: `file:${join(dir, 'shop.db')}`, DATA_DIR: dir, ...env },
  });
  let seen = '';
  child.stderr.on('data', (chunk: Buffer) => {
    const signal = onStderr((seen += chunk.toString()));
    if (signal === null || child.killed) return; // a second one would end it the hard way
    child.kill(signal);
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: code as number | null, stdout, stderr };
}
