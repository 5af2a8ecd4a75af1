/** The one import of this tab. It goes on while its person looks at other pages, and is there when they come back. */
import type { Client } from 'urql';

import { noteOwnChange } from '../../../app/catalogue-changes';
import { keyStore } from '../../../app/key-store';
import { askBeforeLeaving } from '../../../app/leaving';
import { type NewItem, UpsertItemsDocument } from '../../../graphql/graphql';
import type { ParsedRow } from './parse-items';
import { type BulkProgress, upsertInCalls } from './upsert-in-calls';

let progress: BulkProgress | null = null;
let isStopped = false;
const listeners = new Set<() => void>();

export const bulkStore = {
  get: (): BulkProgress | null => progress,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  async start(client: Client, rows: readonly ParsedRow[]): Promise<void> {
    if (progress?.isRunning) return;
    isStopped = false;
    window.addEventListener('beforeunload', askBeforeLeaving);
    // Its calls have the former key.
    const leaveKey = keyStore.subscribe(bulkStore.stop);
    const upsert = (items: readonly NewItem[]) =>
      client.mutation(UpsertItemsDocument, { input: { items: [...items], atomic: false } }).toPromise();
    await upsertInCalls(rows, { upsert, onProgress: set, isStopped: () => isStopped });
    leaveKey();
    window.removeEventListener('beforeunload', askBeforeLeaving);
    noteOwnChange();
  },
  stop(): void {
    isStopped = true;
  },
  /** Forgets how the last one ended. */
  forget(): void {
    if (!progress?.isRunning) set(null);
  },
};

function set(next: BulkProgress | null): void {
  progress = next;
  for (const listener of listeners) listener();
}

/** Where the items of a bulk add come from. */
export interface BulkSource {
  readonly text: string;
  /** Stands for the text, which is kept; null: the text counts. */
  readonly file: File | null;
}

export const NO_SOURCE: BulkSource = { text: '', file: null };
