/** What is shown follows the catalogue by itself, whoever changes it. */
import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import type { AnyVariables, UseQueryArgs } from 'urql';

import { pageStore } from '../pages/page-store';
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
  const generation = useSyncExternalStore(pageStore.subscribe, pageStore.generation);
  const asked = useRef(generation);
  useEffect(() => {
    if (isAsking || asked.current === generation) return;
    asked.current = generation;
    ask();
  }, [isAsking, generation, ask]);
}
