/** A lock on a part of the set-up: two processes may start in the same checkout. */
import { accessSync, constants, mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { DIST } from './steps.mjs';

/** A lock that nobody has touched for so long is that of a process that was killed. The lock says this number to the server. */
const LOCK_STALE_MS = 5_000;

/** Runs the work when no other process does the same in this checkout. */
export async function alone(name, work) {
  const lock = join(DIST, `.${name}.lock`);
  mkdirSync(DIST, { recursive: true });
  if (!isWritable(DIST)) return work(); // Such as that of an image: all is made.
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
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** @returns False while another process holds the lock. */
function take(lock) {
  try {
    writeFileSync(lock, String(LOCK_STALE_MS), { flag: 'wx' });
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
