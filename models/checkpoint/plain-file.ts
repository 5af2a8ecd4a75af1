/** Reads plain files only, since somebody else may have put them there: a read of a pipe may never end, and a device may give anything. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';

import { CheckpointError } from './checkpoint-error';

/** Hashed in a millisecond. */
const PIECE_BYTES = 2 ** 20;
/** Opens without waiting for the other end of a pipe, and without following a link that has just taken the file's place. */
const READ_ONLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

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
  const stats = await lstat(path).catch((error: NodeJS.ErrnoException) => fail(path, `a file`, error.code ?? 'none'));
  check(path, stats, maxBytes);
  const file = await open(path, READ_ONLY).catch((error: NodeJS.ErrnoException) =>
    fail(path, 'a readable file', error.code ?? 'none'),
  );
  try {
    const opened = await file.stat();
    check(path, opened, maxBytes);
    return await work(file);
  } catch (error) {
    if (error instanceof CheckpointError) throw error;
    return fail(path, 'a readable file', (error as Error).message);
  } finally {
    await file.close();
  }
}

interface Stats {
  readonly size: number;
  isFile(): boolean;
  isSymbolicLink(): boolean;
  isDirectory(): boolean;
  isFIFO(): boolean;
}

function check(path: string, stats: Stats, maxBytes: number): void {
  if (!stats.isFile()) fail(path, 'a plain file', kindOf(stats));
  if (stats.size > maxBytes) fail(path, `at most ${maxBytes} bytes`, String(stats.size));
}

function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'a link';
  if (stats.isDirectory()) return 'a folder';
  return stats.isFIFO() ? 'a pipe' : 'a device or socket';
}

function fail(path: string, expected: string, got: string): never {
  throw new CheckpointError(`${path}: expected ${expected}, got ${got}`);
}
