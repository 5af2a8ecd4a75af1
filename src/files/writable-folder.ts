/** Folders that the server writes into: made when missing, and tried, before anything depends on them. */
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

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
export function openWritableFolder(path: string, setting: string): void {
  const folder = resolve(path);
  try {
    makeFolder(folder);
    rmdirSync(mkdtempSync(join(folder, '.writable-')));
  } catch (error) {
    const { message } = error as Error;
    throw new FolderError(
      `${setting}: expected a folder that can be written, got ${folder} (${message}); set ${setting} to another, or let this user write there`,
    );
  }
}

/** One level after the other: Node's recursive mkdir never returns under /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) throw new Error(`${folder} is a file`);
    return;
  }
  const above = dirname(folder);
  if (above !== folder) makeFolder(above); // else a drive that is not there
  mkdirSync(folder);
}
