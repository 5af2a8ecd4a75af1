import { useEffect } from 'react';
import { useSubscription } from 'urql';

import { useFreshQuery } from '../../components/states/use-fresh-query';
import { OverviewActivationsDocument, OverviewChangesDocument, OverviewDocument } from '../../graphql/graphql';

/** @returns What the overview shows, loaded anew with each change of the catalogue and of the active model. */
export function useOverview() {
  const [result, query] = useFreshQuery({ query: OverviewDocument });
  const [{ data: change }] = useSubscription({ query: OverviewChangesDocument });
  const [{ data: activation }] = useSubscription({ query: OverviewActivationsDocument });
  useEffect(() => {
    if (!change && !activation) return;
    query({ requestPolicy: 'network-only' });
  }, [change, activation, query]);
  return { result, reload: () => query({ requestPolicy: 'network-only' }) };
}
