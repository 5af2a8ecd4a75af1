/** Opens the files of a dataset. What is no plain file is refused: a read of a pipe may never end, and a device may give anything. */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { fileFault } from '../files/file-fault';
import { DatasetError } from './dataset';

/** Without waiting for the other end of a pipe that has just taken the file's place. */
const READ_ONLY = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a file, or the one that a link leads to.
 *
 * @throws {DatasetError} When there is none, when it cannot be read, or when it is no plain file, which is then not opened.
 */
export async function openPlainFile(file: string): Promise<FileHandle> {
  try {
    const stats = await stat(file);
    if (!stats.isFile()) throw new DatasetError(file, null, `expected a readable file, got ${kindOf(stats)}`);
    return await open(file, READ_ONLY);
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** Streams the bytes of a file, unpacked where its name ends in `.gz`. @throws {DatasetError} As `openPlainFile`, and when a read fails. */
export function readBytes(file: string): AsyncIterable<Buffer> {
  const bytes = readAsIs(file);
  // An error in the file ends the unzipping too.
  return file.endsWith('.gz') ? pipeline(bytes, createGunzip(), () => undefined) : bytes;
}

async function* readAsIs(file: string): AsyncGenerator<Buffer> {
  const handle = await openPlainFile(file);
  yield* handle.createReadStream();
}

/** @returns A `DatasetError` for a failed open or read; any other error unchanged. */
export function unreadable(file: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined || error instanceof DatasetError) return error;
  return new DatasetError(file, null, `expected a readable file, got ${fileFault(error) ?? code}`);
}

function kindOf(stats: Stats): string | null {
  if (stats.isDirectory()) return fileFault({ code: 'EISDIR' });
  if (stats.isFIFO()) return 'a pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}
