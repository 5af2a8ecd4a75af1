/** Reads the files of a checkpoint: plain ones of a size that was expected. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

import { CheckpointError } from './checkpoint-error';
import { NotPlainError, openPlainFile } from './open-plain-file';

/** Hashed in a millisecond. */
const PIECE_BYTES = 2 ** 20;

/** @throws {CheckpointError} When there is no file, when it is no plain file (which is then not opened), or when it is too large. */
export function readPlainFile(path: string, maxBytes: number): Promise<Buffer> {
  return withPlainFile(path, maxBytes, (file) => file.readFile());
}

/** @returns The SHA-256 of a file. The event loop goes on between the pieces. @throws {CheckpointError} As `readPlainFile`. */
export function hashPlainFile(path: string, maxBytes: number): Promise<string> {
  return withPlainFile(path, maxBytes, hashOf);
}

/** @returns The SHA-256 of what lies behind the place that was read last. */
export async function hashOf(file: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  const piece = Buffer.alloc(PIECE_BYTES);
  for (;;) {
    const { bytesRead } = await file.read(piece, 0, piece.length);
    if (bytesRead === 0) return hash.digest('hex');
    hash.update(piece.subarray(0, bytesRead));
  }
}

/** Opens a file while `work` runs. @throws {CheckpointError} As `readPlainFile`, and when `work` fails. */
export async function withPlainFile<T>(
  path: string,
  maxBytes: number,
  work: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const file = await openFile(path);
  try {
    const { size } = await file.stat();
    if (size > maxBytes) fail(path, `at most ${maxBytes} bytes`, String(size));
    return await work(file);
  } catch (error) {
    if (error instanceof CheckpointError) throw error;
    return fail(path, 'a readable file', (error as Error).message);
  } finally {
    await file.close();
  }
}

/** Its caller closes it. @throws {CheckpointError} When there is no file, or no plain one. */
export function openFile(path: string): Promise<FileHandle> {
  return openPlainFile(path, 'refuse').catch((error: unknown) => refuse(path, error));
}

/** @throws {CheckpointError} When the hashes differ. */
export function checkHash(path: string, found: string, hash: string): void {
  if (found !== hash) fail(path, `SHA-256 ${hash}`, `${found}: the file is damaged`);
}

function refuse(path: string, error: unknown): never {
  if (error instanceof NotPlainError) fail(path, 'a plain file', error.got);
  const { code = 'none' } = error as NodeJS.ErrnoException;
  fail(path, code === 'ENOENT' ? 'a file' : 'a readable file', code);
}

function fail(path: string, expected: string, got: string): never {
  throw new CheckpointError(`${path}: expected ${expected}, got ${got}`);
}
