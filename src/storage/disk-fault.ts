/** Faults of a disk that may pass: it is full, or cannot be written at the moment. */

const CODES: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EROFS']);

/** @param error - Of this thread or of a worker. */
export function isDiskFault(error: unknown): boolean {
  return error instanceof Error && CODES.has((error as NodeJS.ErrnoException).code);
}
