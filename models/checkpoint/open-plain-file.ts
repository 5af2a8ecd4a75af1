/** Opens plain files only, since somebody else may have put them there: a read of a pipe may never end, and a device may give anything. */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, stat } from 'node:fs/promises';

/** Without waiting for the other end of a pipe that has just taken the file's place. */
const READ_ONLY = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Something else has the place of a file. */
export class NotPlainError extends Error {
  override readonly name = 'NotPlainError';
  constructor(readonly got: 'a link' | 'a folder' | 'a pipe' | 'a socket' | 'a device') {
    super(`expected a plain file, got ${got}`);
  }
}

/**
 * @param links - Whether the file may be one that a link leads to.
 * @throws {NotPlainError} When it is no plain file, which is then not opened.
 * @throws The system's error when there is none, or when it cannot be read.
 */
export async function openPlainFile(path: string, links: 'follow' | 'refuse'): Promise<FileHandle> {
  check(await (links === 'follow' ? stat : lstat)(path));
  const file = await open(path, links === 'follow' ? READ_ONLY : READ_ONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    check(await file.stat()); // something else may have taken its place
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

function check(stats: Stats): void {
  if (stats.isFile()) return;
  if (stats.isSymbolicLink()) throw new NotPlainError('a link');
  if (stats.isDirectory()) throw new NotPlainError('a folder');
  if (stats.isFIFO()) throw new NotPlainError('a pipe');
  throw new NotPlainError(stats.isSocket() ? 'a socket' : 'a device');
}
