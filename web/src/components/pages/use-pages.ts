/** A connection of the API, loaded page by page as the reader comes near its end. */
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { type CombinedError, createRequest, type TypedDocumentNode, useClient } from 'urql';

import { connection } from '../../app/connection';
import { useRetry } from '../states/retry';
import { type ConnectionPage, IDLE, NO_ROWS, oneQuestion, type PageList, PageLoader } from './page-loader';
import { type LoadedPages, type PageInfo, pageStore } from './page-store';

/** A list is loaded anew as far as it was loaded before, so that its reader keeps the place; a longer one is cut here. */
const MOST_RELOADED_ROWS = 2_000;

export interface Pages<T> {
  readonly rows: readonly T[];
  readonly isLoading: boolean;
  readonly error: CombinedError | null;
  readonly hasMore: boolean;
  /** That of the page that was loaded last; null: none was. */
  readonly pageInfo?: PageInfo | null;
  /** Whether the shop has changed since the first page came. */
  readonly isStale: boolean;
  /** Loads the next page; does nothing while one is on its way. */
  loadMore(): void;
  /** Loads the rows anew; the old ones stay until the new ones are there. */
  reload(): void;
  /** Loads once more what could not be loaded: the next page, or the rows anew. */
  retry(): void;
}

interface PageVariables {
  readonly [name: string]: unknown;
  readonly first: number;
  readonly after?: string | null;
}

interface PagesQuery<Data, Variables extends PageVariables, T> {
  readonly query: TypedDocumentNode<Data, Variables>;
  /** `first` is the usual page's; pages after the first one replace `after`. */
  readonly variables: Variables;
  readonly select: (data: Data) => ConnectionPage<T> | null | undefined;
  readonly pause?: boolean;
  /** Whether one page is all that is shown at a time. */
  readonly isPaged?: boolean;
}

export function usePages<Data, Variables extends PageVariables, T>({
  query,
  variables,
  select,
  pause = false,
  isPaged = false,
}: PagesQuery<Data, Variables, T>): Pages<T> {
  const client = useClient();
  const { key } = createRequest(query, variables);
  const [question] = useState(oneQuestion);
  // The variables and the key under which their rows are kept stay together: the former list may be asked for still.
  const list = useMemo(
    (): PageList<T> => ({
      key,
      first: variables.first,
      ask: async (first, after) => {
        const result = await question.ask(client, query, { ...variables, first, after: after ?? variables.after });
        if (result?.error) throw result.error;
        return (result?.data && select(result.data)) ?? null;
      },
    }),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [client, query, key],
  );
  const generation = useSyncExternalStore(pageStore.subscribe, pageStore.generation);
  const [{ isLoading, error }, setLoading] = useState({ ...IDLE, isLoading: !pause });
  const [loader] = useState(() => new PageLoader(setLoading));
  useRetry(error, () => loader.retry());
  const renew = useCallback(() => {
    const wanted = Math.min(MOST_RELOADED_ROWS, pageStore.get(key)?.rows.length ?? 0);
    void loader.load(list, NO_ROWS, wanted);
  }, [key, list, loader]);

  const loaded = pageStore.get(key) as LoadedPages<T> | undefined;
  const isStale = loaded !== undefined && loaded.generation !== generation;

  // An announcement may keep `reload` and call it when another list is shown, or none: it loads what is shown.
  const renewShown = useRef(() => {});
  // Each visit shows the rows of the one before at once, then those of now. A list that grows old while it is shown is left as it is
  // until its reader wants it anew.
  useEffect(() => {
    setLoading(IDLE);
    renewShown.current = pause ? () => {} : renew;
    if (!pause) renew();
    return () => {
      loader.drop();
      question.drop();
      renewShown.current = () => {};
    };
  }, [pause, renew, loader, question]);

  useEffect(() => connection.onHealed(() => !pause && renew()), [pause, renew]);

  return useMemo(
    () => ({
      rows: loaded?.rows ?? [],
      isLoading: isLoading || (loaded === undefined && error === null && !pause),
      error,
      hasMore: !isPaged && (loaded?.pageInfo?.hasNextPage ?? false),
      pageInfo: loaded?.pageInfo ?? null,
      isStale,
      loadMore: () => {
        if (loaded?.pageInfo?.hasNextPage && !isLoading && error === null) void loader.load(list, loaded, 0);
      },
      reload: () => renewShown.current(),
      retry: () => loader.retry(),
    }),
    [loaded, isLoading, error, isStale, isPaged, list, loader, pause],
  );
}
