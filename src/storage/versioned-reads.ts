/** Reads that go through the whole catalogue. Their answers are kept until it changes, for all who ask. */
import { LRUCache } from 'lru-cache';

import { currentVersion } from './change-log-reads';
import type { Transaction } from './transaction';

const MAX_ANSWERS = 32;

export class VersionedReads {
  private readonly answers = new LRUCache<string, Promise<unknown>>({ max: MAX_ANSWERS });

  constructor(private readonly client: Transaction) {}

  /** @param name - Names the question: equal names share an answer. @param read - Asks the database. */
  async of<T>(name: string, read: () => Promise<T>): Promise<T> {
    const key = `${await currentVersion(this.client)} ${name}`;
    const kept = this.answers.get(key) as Promise<T> | undefined;
    const answer = kept ?? read();
    if (kept === undefined) this.answers.set(key, answer);
    answer.catch(() => this.answers.delete(key)); // the next call tries again
    return answer;
  }
}
