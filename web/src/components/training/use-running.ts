/** The trainings that run now, as the server pushes them. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { useClient, useSubscription } from 'urql';

import { type LiveProgressFragment, WatchTrainingDocument } from '../../graphql/graphql';

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
  // With another key the subscription begins anew: each job that still runs reports at once.
  const client = useClient();
  useEffect(() => () => show(new Map()), [client]);
  return useMemo(() => [...running.values()], [running]);
}

export type TrainingReport = Pick<LiveProgressFragment, 'phase'> & {
  readonly job: Pick<LiveProgressFragment['job'], 'id' | 'status'>;
};

export function hasEnded({ phase, job: { status } }: TrainingReport): boolean {
  return phase === 'DONE' || (status !== 'RUNNING' && status !== 'QUEUED');
}

/** @returns Whether the job waits for its turn, and so has no progress. */
export function isWaiting({ job: { status } }: TrainingReport): boolean {
  return status === 'QUEUED';
}

/** @returns The newest report of each job that runs, by its ID: not of one that waits for its turn, and none after a job's end. */
export function withNewest<R extends TrainingReport>(
  running: ReadonlyMap<string, R>,
  report: R,
): ReadonlyMap<string, R> {
  const after = new Map(running);
  if (hasEnded(report) || isWaiting(report)) after.delete(report.job.id);
  else after.set(report.job.id, report);
  return after;
}
