/** Reads files that somebody else may have put there: a pipe would never end, and a device may give anything. */
import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';

import { CheckpointError } from './checkpoint-error';

/** Opens without waiting for the other end of a pipe, and without following a link that has just taken the file's place. */
const READ_ONLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** @throws {CheckpointError} When there is no file, when it is no plain file (which is then not opened), or when it is too large. */
export async function readPlainFile(path: string, maxBytes: number): Promise<Buffer> {
  const stats = await lstat(path).catch((error: NodeJS.ErrnoException) => fail(path, `a file`, error.code ?? 'none'));
  check(path, stats, maxBytes);
  const file = await open(path, READ_ONLY).catch((error: NodeJS.ErrnoException) =>
    fail(path, 'a readable file', error.code ?? 'none'),
  );
  try {
    const opened = await file.stat();
    check(path, opened, maxBytes);
    return await file.readFile();
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
