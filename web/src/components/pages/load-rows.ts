/** Rows of a connection, page after page. */
import type { LoadedRows } from './page-store';

export interface ConnectionPage<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
}

export const NO_ROWS: LoadedRows<never> = { rows: [], endCursor: null, hasMore: true };

/**
 * @param ask - Asks for the page after a cursor; null: what has the connection is not there.
 * @param before - The rows that are there already.
 * @param wanted - Pages are asked for until there are so many rows, at least one page.
 * @returns The rows before and those that were asked for.
 */
export async function loadRows<T>(
  ask: (after: string | null) => Promise<ConnectionPage<T> | null>,
  before: LoadedRows<T>,
  wanted: number,
): Promise<LoadedRows<T>> {
  const page = await ask(before.endCursor);
  const loaded = {
    rows: [...before.rows, ...(page?.nodes ?? [])],
    endCursor: page?.pageInfo.endCursor ?? null,
    hasMore: page?.pageInfo.hasNextPage ?? false,
  };
  return loaded.hasMore && loaded.rows.length < wanted ? loadRows(ask, loaded, wanted) : loaded;
}
