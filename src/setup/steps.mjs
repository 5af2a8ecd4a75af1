/** What the steps of the set-up share: programs that they run, and the ages of files. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { asksFor } from './options.mjs';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const DIST = join(ROOT, 'dist');

/** @returns The path of a package's file. */
export const packageFile = (...names) => join(ROOT, 'node_modules', ...names);

/** Runs a program, and ends this one with the program's output when it fails. */
export async function run(title, command, args, env = {}) {
  const begin = Date.now();
  say(`${title} …`);
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32' && command.endsWith('.cmd'),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [status] = await once(child, 'close').catch((error) => [error]);
  if (status !== 0)
    fail(`${title} failed: ${command} ${args.join(' ')}\n${status instanceof Error ? status : ''}${output}`);
  say(`${title}: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
}

export function say(line) {
  if (!asksFor('--quiet')) console.log(line);
}

export function fail(message) {
  console.error(`\n${message}`);
  process.exit(1);
}

/** @returns Whether `made` exists and no source is newer. */
export function isFresh(made, sources) {
  if (!existsSync(made)) return false;
  const { mtimeMs } = statSync(made);
  return sources.every((source) => statSync(source).mtimeMs <= mtimeMs);
}

/** @returns The files of a folder and of all folders in it; none when it is not there. */
export function files(dir, wanted) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}
