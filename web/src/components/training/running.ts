/** Which trainings run, as their reports say. */
import type { LiveProgressFragment } from '../../graphql/graphql';

export type TrainingReport = Pick<LiveProgressFragment, 'phase'> & {
  readonly job: Pick<LiveProgressFragment['job'], 'id' | 'status'>;
};

/** @returns Whether the job reports nothing more. */
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
