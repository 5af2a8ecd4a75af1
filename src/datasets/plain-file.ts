/** Opens the files of a dataset. What is no plain file is refused: a read of a pipe may never end, and a device may give anything. */
import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { NotPlainError, openPlainFile } from '../../models/checkpoint/plain-file';
import { fileFault } from '../files/file-fault';
import { DatasetError } from './dataset';

/**
 * Opens a file, or the one that a link leads to.
 *
 * @throws {DatasetError} When there is none, when it cannot be read, or when it is no plain file, which is then not opened.
 */
export async function openDatasetFile(file: string): Promise<FileHandle> {
  return openPlainFile(file, 'follow').catch((error: unknown) => {
    throw unreadable(file, error);
  });
}

/** Streams the bytes of a file, unpacked where it is called `.gz`. @throws {DatasetError} As `openDatasetFile`, and when a read fails. */
export function readBytes(file: string): AsyncIterable<Buffer> {
  const bytes = readAsIs(file);
  // An error in the file ends the unzipping too.
  return file.endsWith('.gz') ? pipeline(bytes, createGunzip(), () => undefined) : bytes;
}

async function* readAsIs(file: string): AsyncGenerator<Buffer> {
  const handle = await openDatasetFile(file);
  yield* handle.createReadStream();
}

/** @returns A `DatasetError` for a failed open or read; any other error unchanged. */
export function unreadable(file: string, error: unknown): unknown {
  if (error instanceof NotPlainError) return new DatasetError(file, null, `expected a readable file, got ${error.got}`);
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined || error instanceof DatasetError) return error;
  return new DatasetError(file, null, `expected a readable file, got ${fileFault(error) ?? code}`);
}
