/** Brings the checkpoints that only this machine has into the store, such as those of the store that it used before. */
import { isCheckpointError } from '../../models/checkpoint/checkpoint';
import type { Logger } from '../logger';
import { messageOf } from '../message-of';
import type { Database } from '../storage/database';
import { untilAnswered } from '../storage/database-error';
import { withTimeout } from '../waiting/promises';
import type { CheckpointStore } from './checkpoint-store';

export interface SharingParts {
  readonly database: Pick<Database, 'read'>;
  readonly store: Pick<CheckpointStore, 'share' | 'sweep'>;
  readonly logger: Pick<Logger, 'warn'>;
}

/** A store that hangs does not keep the process from ending. */
const MAX_WAIT_MS = 1_000;

export class CheckpointSharing {
  private readonly stop = new AbortController();
  private sharing = Promise.resolve();

  constructor(private readonly parts: SharingParts) {}

  /** Goes on in the background, since it may take minutes. First it removes what is left of interrupted copies. */
  start(): void {
    this.sharing = this.share();
  }

  async dispose(): Promise<void> {
    this.stop.abort();
    await withTimeout(MAX_WAIT_MS, this.sharing, undefined);
  }

  /** Never rejects. While the database or the store gives no answer, it asks again. */
  private async share(): Promise<void> {
    const { database, store } = this.parts;
    await store.sweep().catch(this.warn);
    try {
      for (const key of await this.answered(() => namedKeys(database.read))) {
        this.stop.signal.throwIfAborted();
        await this.shareOne(key);
      }
    } catch (error) {
      if (!this.stop.signal.aborted) this.parts.logger.warn(`checkpoints are not shared: ${messageOf(error)}`);
    }
  }

  private async shareOne(key: string): Promise<void> {
    try {
      await this.answered(() => this.parts.store.share(key));
    } catch (error) {
      if (!isCheckpointError(error)) throw error;
      this.parts.logger.warn(`a checkpoint is not shared: ${error.message}`);
    }
  }

  private answered<T>(work: () => Promise<T>): Promise<T> {
    return untilAnswered(work, { onFault: this.warn, signal: this.stop.signal });
  }

  private readonly warn = (error: unknown): void => this.parts.logger.warn(messageOf(error));
}

/** @returns The active version's key first. */
async function namedKeys({ modelVersion, tokenizer }: Database['read']): Promise<ReadonlySet<string>> {
  const select = { checkpointDir: true };
  const [versions, tokenizers] = await Promise.all([
    modelVersion.findMany({ select: { ...select, status: true }, orderBy: { id: 'desc' } }),
    tokenizer.findMany({ select, orderBy: { id: 'desc' } }),
  ]);
  const active = versions.filter(({ status }) => status === 'ACTIVE');
  return new Set([...active, ...versions, ...tokenizers].map(({ checkpointDir }) => checkpointDir));
}
