/** A connection of the API, one page at a time. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { CombinedError, TypedDocumentNode } from 'urql';

import { catalogueChanges } from '../../app/catalogue-changes';
import { useFreshQuery } from '../states/use-fresh-query';

/** Where a page begins or ends; both empty: at the beginning of the list. */
export interface PagePlace {
  readonly after: string;
  readonly before: string;
}

export const FIRST_PAGE: PagePlace = { after: '', before: '' };

interface PageInfo {
  readonly hasNextPage: boolean;
  readonly endCursor?: string | null;
  /** Absent in lists that are read forwards alone, as is `startCursor`. */
  readonly hasPreviousPage?: boolean;
  readonly startCursor?: string | null;
}

export interface Pages<T> {
  readonly rows: readonly T[];
  readonly isLoading: boolean;
  readonly error?: CombinedError;
  /** Whether the catalogue has changed since the rows came. */
  readonly isStale?: boolean;
  /** Absent where there is one page alone. */
  readonly pageInfo?: PageInfo;
  readonly place?: PagePlace;
  turn?(place: PagePlace): void;
  /** Loads the rows anew; the old ones stay until the new ones are there. */
  reload(): void;
}

interface PageVariables {
  readonly [name: string]: unknown;
  readonly first: number;
}

interface PagesQuery<Data, Variables extends PageVariables, T> {
  readonly query: TypedDocumentNode<Data, Variables>;
  readonly variables: Variables;
  readonly select: (data: Data) => { readonly nodes: readonly T[]; readonly pageInfo: PageInfo } | null | undefined;
  readonly pause?: boolean;
  /** Where the address says which page is shown: what it says, and what changes that. */
  readonly address?: readonly [PagePlace, (place: PagePlace) => void];
}

export function usePages<Data, Variables extends PageVariables, T>({
  query,
  variables,
  select,
  pause = false,
  address,
}: PagesQuery<Data, Variables, T>): Pages<T> {
  const list = JSON.stringify(variables);
  const [own, setOwn] = useState({ list, place: FIRST_PAGE });
  const ownPlace = own.list === list ? own.place : FIRST_PAGE;
  const [place, turn] = address ?? [ownPlace, (next: PagePlace) => setOwn({ list, place: next })];
  const { after, before } = place;
  const cursors = before === '' ? { after: after || null } : { last: variables.first, before };
  const [{ data, error, fetching }, ask] = useFreshQuery({ query, variables: { ...variables, ...cursors }, pause });
  const connection = data && select(data);
  const changes = useSyncExternalStore(catalogueChanges.subscribe, catalogueChanges.count);
  const [seen, setSeen] = useState(changes);
  useEffect(() => setSeen(catalogueChanges.count()), [data]);
  return {
    rows: connection?.nodes ?? [],
    isLoading: fetching,
    error,
    isStale: seen !== changes,
    pageInfo: connection?.pageInfo,
    place,
    turn,
    reload: () => {
      setSeen(catalogueChanges.count());
      ask({ requestPolicy: 'network-only' });
    },
  };
}
