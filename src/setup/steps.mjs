/** Shared by the steps of the set-up: its command line, a lock, programs that run, stamps that say what something was made from. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  accessSync,
  constants as access,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const args = process.argv.slice(2);
const at = args.indexOf('--run');
const flags = at === -1 ? args : args.slice(0, at);

/** Arguments behind `--run`, for the program; null without `--run`. */
export const programArguments = at === -1 ? null : args.slice(at + 1);

/** @returns Whether a flag stands before `--run`. */
export const asksFor = (flag) => flags.includes(flag);

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

/**
 * @returns What the stamp of something made from these files holds: a hash over their names and contents, and over the packages that make
 *   it. Times do not count: archives and copies keep those of older files.
 */
export function stampOf(sources) {
  const hash = createHash('sha256');
  for (const path of [...sources, join(ROOT, 'package-lock.json')].sort()) {
    const content = readFileSync(path);
    hash.update(`${relative(ROOT, path)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** @returns Whether the stamp is there and holds this. */
export function isStamped(stamp, wanted) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
}

/** @returns The files of a folder and of all folders in it; none when it is not there. */
export function files(dir, wanted) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** A lock that nobody has touched for so long is that of a process that was killed. */
const LOCK_STALE_MS = 5_000;

/** Runs the work when no other process does the same in this checkout. */
export async function alone(name, work) {
  const lock = join(DIST, `.${name}.lock`);
  mkdirSync(DIST, { recursive: true });
  if (!isWritable(DIST)) return work(); // In an image all is made.
  while (!take(lock)) await setTimeout(100);
  const touching = setInterval(() => touch(lock), LOCK_STALE_MS / 5);
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  const result = await work();
  clearInterval(touching);
  process.off('exit', release);
  release();
  return result;
}

function isWritable(path) {
  try {
    accessSync(path, access.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** @returns False while another process holds the lock. */
function take(lock) {
  try {
    writeFileSync(lock, '', { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const touched = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Math.abs(Date.now() - touched) > LOCK_STALE_MS) rmSync(lock, { force: true });
    return false;
  }
}

function touch(path) {
  const now = new Date();
  utimesSync(path, now, now);
}
