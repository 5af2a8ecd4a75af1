/** Rows of a connection, page after page. */
import type { LoadedRows } from './page-store';

export interface ConnectionPage<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
}

/** The most rows of a page that the API gives. */
const MOST_ROWS = 100;

export const NO_ROWS: LoadedRows<never> = { rows: [], endCursor: null, hasMore: true };

/**
 * @param ask - Asks for `first` rows after a cursor; null: what has the connection is not there.
 * @param before - The rows that are there already.
 * @param first - The rows of a usual page.
 * @param wanted - Pages are asked for until there are so many rows, at least one page, and as few as can be.
 * @returns The rows before and those that were asked for.
 */
export async function loadRows<T>(
  ask: (first: number, after: string | null) => Promise<ConnectionPage<T> | null>,
  before: LoadedRows<T>,
  first: number,
  wanted: number,
): Promise<LoadedRows<T>> {
  const missing = Math.min(MOST_ROWS, wanted - before.rows.length);
  const page = await ask(Math.max(first, missing), before.endCursor);
  const loaded = {
    rows: [...before.rows, ...(page?.nodes ?? [])],
    endCursor: page?.pageInfo.endCursor ?? null,
    hasMore: page?.pageInfo.hasNextPage ?? false,
  };
  return loaded.hasMore && loaded.rows.length < wanted ? loadRows(ask, loaded, first, wanted) : loaded;
}
