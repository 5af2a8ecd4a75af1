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

/** @returns The same, on memory that threads can share. @throws {CheckpointError} As `readPlainFile`. */
export function readSharedFile(path: string, maxBytes: number): Promise<Buffer> {
  return withPlainFile(path, maxBytes, async (file) => {
    const bytes = Buffer.from(new SharedArrayBuffer((await file.stat()).size));
    for (let end = 0; end < bytes.length;) {
      const { bytesRead } = await file.read(bytes, end, bytes.length - end);
      if (bytesRead === 0) return bytes.subarray(0, end); // somebody has cut it meanwhile
      end += bytesRead;
    }
    return bytes;
  });
}

/** @returns The SHA-256 of a file. The event loop goes on between the pieces. @throws {CheckpointError} As `readPlainFile`. */
export function hashPlainFile(path: string, maxBytes: number): Promise<string> {
  return withPlainFile(path, maxBytes, async (file) => {
    const hash = createHash('sha256');
    const piece = Buffer.alloc(PIECE_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, piece.length);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(piece.subarray(0, bytesRead));
    }
  });
}

async function withPlainFile<T>(path: string, maxBytes: number, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await openPlainFile(path, 'refuse').catch((error: unknown) => refuse(path, error));
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

function refuse(path: string, error: unknown): never {
  if (error instanceof NotPlainError) fail(path, 'a plain file', error.got);
  const { code = 'none' } = error as NodeJS.ErrnoException;
  fail(path, code === 'ENOENT' ? 'a file' : 'a readable file', code);
}

function fail(path: string, expected: string, got: string): never {
  throw new CheckpointError(`${path}: expected ${expected}, got ${got}`);
}
