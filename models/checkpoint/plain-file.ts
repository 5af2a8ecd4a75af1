/** Opens and reads plain files only, since somebody else may have put them there: a read of a pipe may never end. */
import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, stat } from 'node:fs/promises';

/** A checkpoint that is missing, damaged, of another job or of another format; the message names the file and what is wrong with it. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

/** An error that came from a worker keeps the name of its class, but is no instance of it. */
export function isCheckpointError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'CheckpointError';
}

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
