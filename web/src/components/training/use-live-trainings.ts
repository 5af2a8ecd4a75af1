/** The trainings that run now, as the server pushes them. */
import { useEffect, useState } from 'react';
import { useSubscription } from 'urql';

import { connection } from '../../app/connection';
import { LiveTrainingDocument, type LiveProgressFragment } from '../../graphql/graphql';

/** @returns The newest state of each running job; a job that ends leaves. */
export function useLiveTrainings(onEnded: () => void): readonly LiveProgressFragment[] {
  const [running, setRunning] = useState<ReadonlyMap<string, LiveProgressFragment>>(new Map());
  useSubscription({ query: LiveTrainingDocument }, (_, data) => {
    const { trainingProgress } = data;
    const { job, phase } = trainingProgress;
    const hasEnded = phase === 'DONE' || (job.status !== 'RUNNING' && job.status !== 'QUEUED');
    setRunning((before) => {
      const after = new Map(before);
      if (hasEnded) after.delete(job.id);
      else after.set(job.id, trainingProgress);
      return after;
    });
    if (hasEnded) onEnded();
    return data;
  });
  // A job that ended while the connection was lost reports nothing any more; one that still runs reports at once.
  useEffect(() => connection.onHealed(() => setRunning(new Map())), []);
  return [...running.values()];
}
