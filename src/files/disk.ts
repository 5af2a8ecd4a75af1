/** Files and folders on the disk: folders that can be written, links in place of copies, data that outlives a power cut. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, link, mkdir, mkdtemp, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { makeFolder } from '../../models/checkpoint/make-folder';
import { atFolder, fileFault, isDiskFault } from './file-fault';

/** Bytes of the trial file. A disk that has no room for so many has none for a database. */
const TRIAL_BYTES = 65_536;

export class FolderError extends Error {
  override readonly name = 'FolderError';
}

/**
 * Makes the folder when it is missing, and writes into it once: its permissions alone do not say what a read-only file
 * system or a full disk refuses.
 *
 * @param setting - The variable that names the folder, for the message.
 * @throws {FolderError} When it cannot be written; the message says what, where and what to do.
 */
export async function openWritableFolder(path: string, setting: string): Promise<void> {
  const folder = resolve(path);
  try {
    await makeFolder(folder);
    const trial = await mkdtemp(join(folder, '.writable-'));
    await writeFile(join(trial, 'file'), Buffer.alloc(TRIAL_BYTES)).finally(() => rm(trial, { recursive: true }));
  } catch (error) {
    const expected = `${setting}: expected a folder that can be written, got ${folder}`;
    if (isDiskFault(error)) throw new FolderError(`${expected} on ${fileFault(error)}`);
    const { message } = error as Error;
    throw new FolderError(`${expected} (${message}); set ${setting} to another, or let this user write there`);
  }
}

/** Only the owner may read what is written for keeps: it has the histories of customers. */
const PRIVATE = 0o700;

/**
 * Makes a folder whose files are all there or none: it is `dir.partial` until `fill` is done and all is on the disk. When `fill` fails,
 * nothing is left.
 *
 * @throws {FolderError} When the folder exists, or when an earlier one was killed.
 */
export async function writeNewFolder<T>(dir: string, fill: (partial: string) => Promise<T>): Promise<T> {
  const target = resolve(dir);
  const partial = `${target}.partial`;
  if (existsSync(target)) throw new FolderError(`${target}: expected a folder that does not exist, got one that does`);
  await makeFolder(dirname(target));
  await mkdir(partial, { mode: PRIVATE }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new FolderError(`${partial}: expected no unfinished folder, got one; remove it when nobody is writing it`);
  });
  try {
    const result = await fill(partial);
    for (const { parentPath, name } of await readdir(partial, { withFileTypes: true, recursive: true }))
      await flush(join(parentPath, name));
    await flush(partial);
    await rename(partial, target);
    await flush(dirname(target));
    return result;
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined); // the first error says more
    throw atFolder(error, target);
  }
}

/** Copies a folder of files that are never changed, by links: both folders then have the same files. Leaves out all but plain files. */
export async function linkFolder(from: string, to: string): Promise<void> {
  await makeFolder(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    // Some file systems have no links.
    await link(source, target).catch(() => copyFile(source, target));
  }
}

/** Resolves when a file, or a folder's list of names, is on the disk. */
export async function flush(path: string): Promise<void> {
  // Windows opens no folders.
  if (process.platform === 'win32') return;
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** @returns SHA-256, in hexadecimal. */
export function sha256Hex(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
