/** The one error that a checkpoint's readers throw. */

/** A checkpoint that is missing, damaged, of another job or of another format; the message names the file and what is wrong with it. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

/** An error that came from a worker keeps the name of its class, but is no instance of it. */
export function isCheckpointError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'CheckpointError';
}
