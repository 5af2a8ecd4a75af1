/** Folders that the server writes into: made when missing, and tried, before anything depends on them. */
import { mkdtemp, rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { makeFolder } from '../../models/checkpoint/make-folder';

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
    await rmdir(await mkdtemp(join(folder, '.writable-')));
  } catch (error) {
    const { message } = error as Error;
    throw new FolderError(
      `${setting}: expected a folder that can be written, got ${folder} (${message}); set ${setting} to another, or let this user write there`,
    );
  }
}
