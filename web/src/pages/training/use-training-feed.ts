/** What running trainings report, as the server pushes it. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useClient } from 'urql';

import type { Point } from '../../components/curves/curve-data';
import { isWaiting } from '../../components/training/running';
import { useRunning } from '../../components/training/use-running';
import type { TrainingStatus } from '../../graphql/graphql';
import { LivePoints, type LogLine, type Report, withPhase } from './training-feed';

export interface TrainingFeed {
  /** The newest report of each job that runs. */
  readonly running: readonly Report[];
  /** The phases that began while the page was open, oldest first. */
  readonly log: readonly LogLine[];
  /** @returns The points of a curve that arrived while the page was open. */
  livePoints(jobId: string, metric: string): readonly Point[];
}

/** @param onTurn - Called each time that a job is requested, begins or ends, whoever does so. */
export function useTrainingFeed(onTurn: () => void): TrainingFeed {
  const [log, setLog] = useState<readonly LogLine[]>([]);
  const points = useRef(new LivePoints());
  const statuses = useRef(new Map<string, TrainingStatus>());

  const running = useRunning((report, hasEnded) => {
    const { job, phase, totalSteps } = report;
    const isTurn = hasEnded || statuses.current.get(job.id) !== job.status;
    statuses.current.set(job.id, job.status);
    if (isTurn) onTurn();
    if (isWaiting(report)) return;
    points.current.add(report);
    setLog((before) => withPhase(before, { jobId: job.id, phase, at: new Date().toISOString(), totalSteps }));
  });

  const client = useClient();
  useEffect(() => () => statuses.current.clear(), [client]);

  const livePoints = useCallback((jobId: string, metric: string) => points.current.of(jobId, metric), []);
  return useMemo(() => ({ running, log, livePoints }), [running, log, livePoints]);
}
