/** Refusals of files by the operating system, in words for people: what, where, and what to do. */

const NOT_OURS = ['one that this user may not use', 'change its owner or its permissions'] as const;

/** For each of Node's codes: what was got in place of a file, and what to do about it. */
const MEANINGS: Readonly<Record<string, readonly [got: string, advice?: string]>> = {
  ENOENT: ['none'],
  EACCES: NOT_OURS,
  EPERM: NOT_OURS,
  ENOTDIR: ['a path in which a file has the place of a folder', 'correct the path'],
  EISDIR: ['a folder', 'correct the path'],
  ENAMETOOLONG: ['a name that is too long', 'choose a shorter one'],
  EROFS: ['a disk that is read-only', 'choose another, or make it writable'],
  ENOSPC: ['a disk that is full', 'make room, or choose another'],
  EDQUOT: ["a disk on which this user's share is used up", 'make room, or choose another'],
  EFBIG: ['a file that grew too large', 'raise the limit (ulimit -f), or choose another disk'],
  EMFILE: ['too many open files', 'raise the limit (ulimit -n)'],
  ENFILE: ['too many open files', 'close other programs'],
  EIO: ['a fault of the disk', 'check it'],
  Z_DATA_ERROR: ['bytes that are not gzip', 'compress the file again'],
  Z_BUF_ERROR: ['a gzip file that ends too early', 'copy it again'],
};

interface SystemError {
  readonly code?: string;
  readonly path?: string;
  /** Where a file was to be copied or moved to. */
  readonly dest?: string;
}

/** @returns What was got in place of a file, with the system's code; null when the error is not about a file. */
export function fileFault(error: unknown): string | null {
  const { code = '' } = (error ?? {}) as SystemError;
  if (!Object.hasOwn(MEANINGS, code)) return null;
  const [got, advice] = MEANINGS[code];
  return `${got} (${code})${advice === undefined ? '' : `; ${advice}`}`;
}

/** @returns One line about a file that could not be used; null when the error is not about a file, or does not name it. */
export function fileFaultText(error: unknown): string | null {
  const [{ path, dest }, got] = [(error ?? {}) as SystemError, fileFault(error)];
  if (got === null || typeof path !== 'string') return null;
  return `${dest === undefined ? path : `${path} → ${dest}`}: expected a file or folder that can be used, got ${got}`;
}

/** Names the folder in an error that does not say where it happened, as those of open files do not. */
export function atFolder(error: unknown, dir: string): unknown {
  if (fileFault(error) === null || (error as SystemError).path !== undefined) return error;
  return Object.assign(error as Error, { path: dir });
}

const CODES: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EROFS']);

/** @param error - Of this thread or of a worker. */
export function isDiskFault(error: unknown): boolean {
  return error instanceof Error && CODES.has((error as NodeJS.ErrnoException).code);
}
