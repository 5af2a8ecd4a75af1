/** Rows that were loaded page by page, kept while the tab lives, so that going back shows them at once. */

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly endCursor?: string | null;
  /** Absent in lists that are read forwards alone, as is `startCursor`. */
  readonly hasPreviousPage?: boolean;
  readonly startCursor?: string | null;
}

export interface LoadedRows<T = unknown> {
  readonly rows: readonly T[];
  /** That of the last page that was loaded; null: none was. */
  readonly pageInfo: PageInfo | null;
}

export interface LoadedPages<T = unknown> extends LoadedRows<T> {
  /** The store's generation when the first page was asked for. */
  readonly generation: number;
}

/** Lists kept; the one not used for longest goes first. */
const MAX_LISTS = 12;

const lists = new Map<number, LoadedPages>();
const listeners = new Set<() => void>();
let generation = 0;
let activations = 0;
/** The version of the catalogue since the last of them. */
let activatedAt = 0;
/** The newest version of the catalogue that this page has heard of; null before it has heard of any. */
let newest: number | null = null;

export const pageStore = {
  get(key: number): LoadedPages | undefined {
    return lists.get(key);
  },
  set(key: number, pages: LoadedPages): void {
    lists.delete(key);
    lists.set(key, pages);
    if (lists.size > MAX_LISTS) lists.delete(lists.keys().next().value as number);
  },
  /** Another API key may not read these rows. */
  clear: (): void => lists.clear(),
  generation: (): number => generation,
  /** How often another model version may have become active since the page was opened. */
  activations: (): number => activations,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

export function newestVersion(): number | null {
  return newest;
}

/** Every query from now on sees the changes up to this version. */
export function beginAt(version: number): void {
  newest = version;
  activatedAt = version;
}

/**
 * The shop has changed: lists loaded so far may be old.
 *
 * @param version - That of the catalogue which a change of this page has made: its news, which comes too, outdates nothing more.
 */
export function outdatePages(version: number | null = null): void {
  if (version !== null) newest = Math.max(newest ?? 0, version);
  generation += 1;
  for (const listener of listeners) listener();
}

/** Somebody has changed the shop. @param version - That of the catalogue since then. */
export function noteVersion(version: number): void {
  if (version > (newest ?? 0)) outdatePages(version);
}

/**
 * Another model version may make the lists.
 *
 * @param version - That of the catalogue since then. It may be older than the newest: a later change of this page may be known before.
 */
export function noteActivation(version: number): void {
  if (version <= activatedAt) return;
  activatedAt = version;
  activations += 1;
  for (const listener of listeners) listener();
}
