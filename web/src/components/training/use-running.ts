/** The trainings that run now, as the server pushes them; without a WebSocket it is asked. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { useClient, useSubscription } from 'urql';

import { type LiveProgressFragment, WatchTrainingDocument } from '../../graphql/graphql';
import { hasEnded, withNewest } from './running';
import { usePolledTrainings } from './use-polled-trainings';

type Running = ReadonlyMap<string, LiveProgressFragment>;

/**
 * @param onReport - Called with each report, also with those that a lost connection has kept back.
 * @returns The newest report of each running job; a job that ends leaves.
 */
export function useRunning(
  onReport: (report: LiveProgressFragment, hasEnded: boolean) => void,
): readonly LiveProgressFragment[] {
  const [running, setRunning] = useState<Running>(new Map());
  const known = useRef(running);
  const show = (next: Running) => {
    known.current = next;
    setRunning(next);
  };
  useSubscription({ query: WatchTrainingDocument, variables: {} }, (_, data) => {
    const { trainingProgress: report } = data;
    show(withNewest(known.current, report));
    onReport(report, hasEnded(report));
    return data;
  });
  usePolledTrainings((reports) => {
    const before = known.current;
    show(new Map(reports.map((report) => [report.job.id, report])));
    for (const report of reports) onReport(report, false);
    // Nobody tells of their end.
    for (const [id, report] of before) if (!known.current.has(id)) onReport(report, true);
  });
  // With another key the subscription begins anew: each job that still runs reports at once.
  const client = useClient();
  useEffect(() => () => show(new Map()), [client]);
  return useMemo(() => [...running.values()], [running]);
}
