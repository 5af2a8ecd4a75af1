/** A connection of the API, loaded page by page as the reader comes near its end. */
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { type AnyVariables, type CombinedError, createRequest, type TypedDocumentNode, useClient } from 'urql';

import { connection } from '../../app/connection';
import { type LoadedPages, outdatePages, pageStore } from './page-store';

/** As many as the server gives at once. */
const MOST_RELOADED_ROWS = 100;

export interface ConnectionPage<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
}

export interface Pages<T> {
  readonly rows: readonly T[];
  readonly isLoading: boolean;
  readonly error: CombinedError | null;
  readonly hasMore: boolean;
  /** Whether the shop has changed since the first page came. */
  readonly isStale: boolean;
  /** Loads the next page; does nothing while one is on its way. */
  loadMore(): void;
  /** Begins anew. */
  reload(): void;
}

interface PagesQuery<Data, Variables extends AnyVariables, T> {
  readonly query: TypedDocumentNode<Data, Variables>;
  /** Without `after`, which the pages fill in. */
  readonly variables: Variables;
  readonly select: (data: Data) => ConnectionPage<T> | null | undefined;
  /** Whether to wait. */
  readonly pause?: boolean;
}

export function usePages<Data, Variables extends AnyVariables, T>({
  query,
  variables,
  select,
  pause = false,
}: PagesQuery<Data, Variables, T>): Pages<T> {
  const client = useClient();
  const { key } = createRequest(query, variables);
  const generation = useSyncExternalStore(pageStore.subscribe, pageStore.generation);
  const [, redraw] = useState(0);
  const [error, setError] = useState<CombinedError | null>(null);
  const [isLoading, setIsLoading] = useState(false);
  // What is on its way, so that an answer to an older question is dropped.
  const current = useRef(0);
  const latest = useRef({ variables, select });
  latest.current = { variables, select };

  const load = useCallback(
    async (before: LoadedPages | null) => {
      const request = ++current.current;
      const begun = pageStore.generation();
      setIsLoading(true);
      setError(null);
      const all = { ...latest.current.variables, after: before?.endCursor ?? null } as Variables;
      const result = await client.query(query, all, { requestPolicy: 'network-only' }).toPromise();
      if (request !== current.current) return;
      setIsLoading(false);
      const page = result.data && latest.current.select(result.data);
      if (result.error && !page) return setError(result.error);
      pageStore.set(key, {
        rows: [...(before?.rows ?? []), ...(page?.nodes ?? [])],
        endCursor: page?.pageInfo.endCursor ?? null,
        hasMore: page?.pageInfo.hasNextPage ?? false,
        generation: before?.generation ?? begun,
      });
      redraw((count) => count + 1);
    },
    [client, query, key],
  );

  const loaded = pageStore.get(key);
  const isStale = loaded !== undefined && loaded.generation !== generation;
  const isFresh = useRef(isStale);
  isFresh.current = loaded !== undefined && !isStale;

  // A list that is shown and grows old is left as it is until its reader wants it anew.
  useEffect(() => {
    setError(null);
    setIsLoading(false);
    if (!pause && !isFresh.current) void load(null);
    return () => {
      current.current += 1;
    };
  }, [key, pause, load]);

  // A short list is loaded anew when a lost connection is back; a long one would lose the place that its reader is at.
  const isShort = (loaded?.rows.length ?? 0) <= MOST_RELOADED_ROWS;
  useEffect(
    () =>
      connection.onHealed(() => {
        if (pause) return;
        if (isShort) void load(null);
        else outdatePages();
      }),
    [isShort, pause, load],
  );

  return useMemo(
    () => ({
      rows: (loaded?.rows ?? []) as readonly T[],
      isLoading: isLoading || (loaded === undefined && error === null && !pause),
      error,
      hasMore: loaded?.hasMore ?? false,
      isStale,
      loadMore: () => {
        if (loaded?.hasMore && !isLoading && error === null) void load(loaded);
      },
      reload: () => void load(null),
    }),
    [loaded, isLoading, error, isStale, load, pause],
  );
}
