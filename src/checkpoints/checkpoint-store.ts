/** Where checkpoints lie, by key: the port that the rest of the server uses, whatever the store is. */

/** A key is a relative path with `/`: `jobs/<job>/<name>`. A checkpoint under a key never changes. */
export interface CheckpointStore {
  /** Stores the files of the folder `dir`. Until all are stored, the key has no checkpoint. */
  save(key: string, dir: string): Promise<void>;
  /**
   * @returns A folder with the checkpoint, which stays as it is for minutes at least. Whoever loads it verifies it.
   * @throws {CheckpointError} When the store has no such checkpoint, or a damaged one.
   * @throws {CheckpointStoreError} When the store cannot be read or the copy not be written: try again later.
   */
  open(key: string): Promise<string>;
  /**
   * Stores the checkpoint of DATA_DIR, if it lies there and the store has none under the key: one of an older version, or one out of a
   * backup. Then other machines can open it.
   *
   * @throws As `open`, when that checkpoint is damaged or the store cannot be used.
   */
  share(key: string): Promise<void>;
  /** Lists all checkpoints of the store. */
  list(): Promise<readonly StoredCheckpoint[]>;
  remove(key: string): Promise<void>;
  /** Removes what killed processes have left of copies in DATA_DIR, when it is a day old. */
  sweep(): Promise<void>;
  /** Why the store could not be used at the last attempt, in words that everybody may read; null when it could. */
  readonly problem: string | null;
}

export interface StoredCheckpoint {
  readonly key: string;
  readonly storedAt: Date;
}

/** The store cannot be used now. Its message says where, what and why, without secrets. */
export class CheckpointStoreError extends Error {
  override readonly name = 'CheckpointStoreError';
}
