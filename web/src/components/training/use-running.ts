/** The trainings that run now, as the server pushes them. */
import { useEffect, useMemo, useState } from 'react';
import { type TypedDocumentNode, useClient, useSubscription } from 'urql';

import { hasEnded, type TrainingReport, withNewest } from './running';

/**
 * @param query - What is asked of each report.
 * @param onReport - Called with each, also with those that a lost connection has kept back.
 * @returns The newest report of each running job; a job that ends leaves.
 */
export function useRunning<R extends TrainingReport>(
  query: TypedDocumentNode<{ trainingProgress: R }, { after?: number | null }>,
  onReport: (report: R, hasEnded: boolean) => void,
): readonly R[] {
  const [running, setRunning] = useState<ReadonlyMap<string, R>>(new Map());
  useSubscription({ query, variables: {} }, (_, data) => {
    const { trainingProgress: report } = data;
    setRunning((before) => withNewest(before, report));
    onReport(report, hasEnded(report));
    return data;
  });
  // With another key the subscription begins anew: each job that still runs reports at once.
  const client = useClient();
  useEffect(() => () => setRunning(new Map()), [client]);
  return useMemo(() => [...running.values()], [running]);
}
