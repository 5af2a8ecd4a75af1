/** What running trainings report, as the server pushes it. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useClient } from 'urql';

import type { Point } from '../../components/curves/curve-data';
import { useRunning } from '../../components/training/use-running';
import { type TrainingPhase, WatchTrainingDocument, type WatchTrainingSubscription } from '../../graphql/graphql';

export type Report = WatchTrainingSubscription['trainingProgress'];

export interface LogLine {
  readonly jobId: string;
  readonly phase: TrainingPhase;
  readonly at: string;
  readonly totalSteps: number;
}

export interface TrainingFeed {
  /** The newest report of each job that runs. */
  readonly running: readonly Report[];
  /** The phases that began while the page was open, oldest first. */
  readonly log: readonly LogLine[];
  /** @returns The points of a curve that arrived while the page was open. */
  livePoints(jobId: string, metric: string): readonly Point[];
}

/** @param onTurn - Called each time that a job begins or ends. */
export function useTrainingFeed(onTurn: () => void): TrainingFeed {
  const [log, setLog] = useState<readonly LogLine[]>([]);
  const points = useRef(new Map<string, Point[]>());
  const seen = useRef(new Map<string, TrainingPhase>());

  const running = useRunning(WatchTrainingDocument, (report, hasEnded) => {
    const { job, phase, totalSteps } = report;
    const isTurn = hasEnded || !seen.current.has(job.id);
    for (const [metric, value] of valuesOf(report)) keep(points.current, `${job.id} ${metric}`, report.step, value);
    if (seen.current.get(job.id) !== phase) {
      seen.current.set(job.id, phase);
      setLog((before) => withPhase(before, { jobId: job.id, phase, at: new Date().toISOString(), totalSteps }));
    }
    if (isTurn) onTurn();
  });

  const client = useClient();
  useEffect(() => () => seen.current.clear(), [client]);

  const livePoints = useCallback((id: string, metric: string) => points.current.get(`${id} ${metric}`) ?? [], []);
  return useMemo(() => ({ running, log, livePoints }), [running, log, livePoints]);
}

/** @returns The log with a line for the phase, which a job reports many times. */
export function withPhase(log: readonly LogLine[], line: LogLine): readonly LogLine[] {
  const last = log.findLast(({ jobId }) => jobId === line.jobId);
  return last?.phase === line.phase ? log : [...log, line];
}

/** @returns Each figure under the name that the server stores it by. */
function valuesOf({ phase, loss, metrics }: Report): [string, number][] {
  const prefix = phase === 'SEQ2SEQ' ? '' : `${phase.toLowerCase()}.`;
  const all = metrics.map(({ name, value }): [string, number] => [prefix + name, value]);
  return loss == null ? all : [[`${prefix}loss`, loss], ...all];
}

function keep(points: Map<string, Point[]>, key: string, step: number, value: number): void {
  const curve = points.get(key);
  if (curve) curve.push({ step, value });
  else points.set(key, [{ step, value }]);
}
