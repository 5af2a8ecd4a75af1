/** The one error that a checkpoint's readers throw. */

/** A checkpoint that is missing, damaged, of another job or of another format; the message names the file and what is wrong with it. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}
