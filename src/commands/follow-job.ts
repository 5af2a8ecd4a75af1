/** Watches the row of a training job until the job ends. It does not matter which process runs the job. */
import { setTimeout } from 'node:timers/promises';

import type { TrainingJobs } from '../../graphql/context';
import type { TrainingJobRecord } from '../../graphql/training/records';
import { PhaseDisplay } from './phase-display';
import type { ProgressStream } from './progress-bar';

const POLL_MS = 500;

/**
 * Shows the progress of a job until the job has ended, with one bar per phase, and each of its warnings once.
 *
 * @returns The job after its end.
 * @throws The signal's reason when the signal is aborted. The job is not changed.
 */
export async function followJob(
  jobs: Pick<TrainingJobs, 'job'>,
  id: number,
  stream: ProgressStream,
  signal: AbortSignal,
): Promise<TrainingJobRecord> {
  const display = new PhaseDisplay(stream);
  const told = new Set<string>();
  try {
    for (;;) {
      const job = await jobs.job(id);
      if (job === null) throw new Error(`training job ${id}: expected its row, got none`);
      if (job.progress !== null) display.show(job.progress);
      for (const warning of job.progress?.warnings ?? []) {
        if (!told.has(warning)) stream.write(`${warning}\n`);
        told.add(warning);
      }
      if (job.finishedAt !== null) return job;
      await setTimeout(POLL_MS, undefined, { signal });
    }
  } finally {
    display.stop();
  }
}
