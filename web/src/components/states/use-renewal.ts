/** Queries that are asked again after each change of the catalogue. */
import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import type { AnyVariables, UseQueryArgs } from 'urql';

import { catalogueChanges } from '../../app/catalogue-changes';
import { type FreshResult, useFreshQuery } from './use-fresh-query';

/** As `useFreshQuery`, and asks anew after each change of the catalogue; what is there stays until the next answer. */
export function useRenewedQuery<Data, Variables extends AnyVariables>(
  args: UseQueryArgs<Variables, Data>,
): readonly [FreshResult<Data>, () => void] {
  const [result, query] = useFreshQuery(args);
  const reload = useCallback(() => query({ requestPolicy: 'network-only' }), [query]);
  useRenewal(result.fetching, reload);
  return [result, reload];
}

/** Asks after each change of the catalogue. Changes that come while an answer is on its way are asked about once, after it. */
export function useRenewal(isAsking: boolean, ask: () => void): void {
  useAskedAnew(catalogueChanges.count, isAsking, ask);
}

/** Asks for a list each time that another model version makes the lists: it takes the server longer than other questions. */
export function useListRenewal(isAsking: boolean, ask: () => void): void {
  useAskedAnew(catalogueChanges.activations, isAsking, ask);
}

/** A page that nobody sees asks once it is seen: of many open ones few ask at once. */
function useAskedAnew(countOf: () => number, isAsking: boolean, ask: () => void): void {
  const count = useSyncExternalStore(catalogueChanges.subscribe, countOf);
  const isSeen = useIsSeen();
  const asked = useRef(count);
  useEffect(() => {
    if (isAsking || !isSeen || asked.current === count) return;
    asked.current = count;
    ask();
  }, [isAsking, isSeen, count, ask]);
}

/** @returns Whether the page can be seen: false while it is in a background tab. */
function useIsSeen(): boolean {
  return useSyncExternalStore(onSight, () => document.visibilityState !== 'hidden');
}

function onSight(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}
