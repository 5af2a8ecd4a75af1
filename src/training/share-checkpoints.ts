/** Brings the checkpoints that only this machine has into the store, such as those from before several servers could share one. */
import { isCheckpointError } from '../../models/checkpoint/checkpoint';
import type { CheckpointStore } from '../checkpoints/checkpoint-store';
import { messageOf } from '../message-of';
import type { Database } from '../storage/database';
import { untilAnswered } from '../storage/database-error';

export interface SharingParts {
  readonly database: Pick<Database, 'read'>;
  readonly store: Pick<CheckpointStore, 'share'>;
  /** Receives a message for people. */
  readonly onProblem: (message: string) => void;
  readonly signal: AbortSignal;
}

/** Never rejects. While the database or the store gives no answer, it asks again. The active version comes first. */
export async function shareCheckpoints({ database, store, onProblem, signal }: SharingParts): Promise<void> {
  const answered = <T>(work: () => Promise<T>) =>
    untilAnswered(work, { onFault: (error) => onProblem(messageOf(error)), signal });
  const shareOne = (key: string) =>
    answered(() => store.share(key)).catch((error: Error) => {
      if (!isCheckpointError(error)) throw error;
      onProblem(`a checkpoint is not shared: ${error.message}`);
    });
  try {
    for (const key of await answered(() => namedKeys(database.read))) {
      signal.throwIfAborted();
      await shareOne(key);
    }
  } catch (error) {
    if (!signal.aborted) onProblem(`checkpoints are not shared: ${messageOf(error)}`);
  }
}

async function namedKeys({ modelVersion, tokenizer }: Database['read']): Promise<ReadonlySet<string>> {
  const select = { checkpointDir: true };
  const [versions, tokenizers] = await Promise.all([
    modelVersion.findMany({ select: { ...select, status: true }, orderBy: { id: 'desc' } }),
    tokenizer.findMany({ select, orderBy: { id: 'desc' } }),
  ]);
  const active = versions.filter(({ status }) => status === 'ACTIVE');
  return new Set([...active, ...versions, ...tokenizers].map(({ checkpointDir }) => checkpointDir));
}
