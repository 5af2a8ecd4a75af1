/** A user's list, and how it differs from the one before. */
import { useState } from 'react';
import { type CombinedError } from 'urql';

import { useFreshQuery } from '../../components/states/use-fresh-query';
import { useListRenewal } from '../../components/states/use-renewal';
import { type ShortListFragment, UserList10Document } from '../../graphql/graphql';

export type ListEntry = ShortListFragment['nodes'][number];

/** Against the list before: places up (negative: down); null: it was not there; undefined: there was no list before. */
export interface WatchedEntry extends ListEntry {
  readonly movedUp?: number | null;
}

export interface WatchedList {
  readonly result: {
    readonly data?: { readonly list: ShortListFragment | null };
    readonly error?: CombinedError;
    readonly fetching: boolean;
  };
  readonly entries: readonly WatchedEntry[];
  /** Items of the list before that are in this one no longer. */
  readonly left: readonly ListEntry[];
  /** Loads the list anew, and compares it with the one on the screen. */
  reload(): void;
}

export function useWatchedList(externalId: string): WatchedList {
  const [before, setBefore] = useState<readonly ListEntry[] | null>(null);
  const [{ data, error, fetching }, refetch] = useFreshQuery({ query: UserList10Document, variables: { externalId } });
  const list = data?.user?.recommendations ?? null;
  const now = list?.nodes ?? [];
  const rankBefore = new Map(before?.map(({ item, rank }) => [item.id, rank]));
  const idsNow = new Set(now.map(({ item }) => item.id));
  const reload = () => {
    if (list !== null) setBefore(now);
    refetch({ requestPolicy: 'network-only' });
  };
  useListRenewal(fetching, reload);
  return {
    result: { data: data && { list }, error, fetching },
    entries: now.map((entry) => ({ ...entry, movedUp: movedUp(entry, before && rankBefore) })),
    left: before?.filter(({ item }) => !idsNow.has(item.id)) ?? [],
    reload,
  };
}

function movedUp({ item, rank }: ListEntry, before: ReadonlyMap<string, number> | null): number | null | undefined {
  if (before === null) return undefined;
  const former = before.get(item.id);
  return former === undefined ? null : former - rank;
}
