/** Rows that were loaded page by page, kept while the tab lives, so that going back shows them at once. */

export interface LoadedPages {
  readonly rows: readonly unknown[];
  readonly endCursor: string | null;
  readonly hasMore: boolean;
  /** The store's generation when the first page came. */
  readonly generation: number;
}

/** Lists kept; the one not used for longest goes first. */
const MAX_LISTS = 12;

const lists = new Map<number, LoadedPages>();
const listeners = new Set<() => void>();
let generation = 0;

export const pageStore = {
  get(key: number): LoadedPages | undefined {
    return lists.get(key);
  },
  set(key: number, pages: LoadedPages): void {
    lists.delete(key);
    lists.set(key, pages);
    if (lists.size > MAX_LISTS) lists.delete(lists.keys().next().value as number);
  },
  /** What one key may read is no other's. */
  clear: (): void => lists.clear(),
  generation: (): number => generation,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** The shop has changed: lists loaded so far may be old. */
export function outdatePages(): void {
  generation += 1;
  for (const listener of listeners) listener();
}
