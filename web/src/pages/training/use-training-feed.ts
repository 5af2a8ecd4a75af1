import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useClient } from 'urql';

import type { Point } from '../../components/curves/curve-data';
import { isWaiting, useRunning } from '../../components/training/use-running';
import type { LiveProgressFragment, TrainingPhase, TrainingStatus } from '../../graphql/graphql';

export interface TrainingFeed {
  /** The newest report of each job that runs. */
  readonly running: readonly LiveProgressFragment[];
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

export interface LogLine {
  readonly jobId: string;
  readonly phase: TrainingPhase;
  readonly at: string;
  readonly totalSteps: number;
}

/** @returns The log with a line for the phase, which a job reports many times. */
export function withPhase(log: readonly LogLine[], line: LogLine): readonly LogLine[] {
  const last = log.findLast(({ jobId }) => jobId === line.jobId);
  return last?.phase === line.phase ? log : [...log, line];
}

export class LivePoints {
  private readonly curves = new Map<string, Point[]>();

  add(report: LiveProgressFragment): void {
    for (const [metric, value] of figuresOf(report)) {
      const key = `${report.job.id} ${metric}`;
      const curve = this.curves.get(key) ?? [];
      curve.push({ step: report.step, value });
      this.curves.set(key, curve);
    }
  }

  of(jobId: string, metric: string): readonly Point[] {
    return this.curves.get(`${jobId} ${metric}`) ?? [];
  }
}

/** @returns Each figure under the name that the server stores it by. */
function figuresOf({ phase, loss, metrics }: LiveProgressFragment): [string, number][] {
  const prefix = phase === 'SEQ2SEQ' ? '' : `${phase.toLowerCase()}.`;
  const all = metrics.map(({ name, value }): [string, number] => [prefix + name, value]);
  return loss == null ? all : [[`${prefix}loss`, loss], ...all];
}
