/** Watches a training job until it ends, wherever it runs: its row is what counts. */
import { setTimeout } from 'node:timers/promises';

import type { TrainingJobRecord } from '../../graphql/common/records';
import type { TrainingJobs } from '../../graphql/context';
import { PhaseDisplay } from './phase-display';
import type { ProgressStream } from './progress-bar';

const POLL_MS = 500;

/**
 * Shows a job's progress, one bar a phase, until it has ended.
 *
 * @returns The job as it ended.
 * @throws The signal's reason when it is aborted; the job is left as it is.
 */
export async function followJob(
  jobs: Pick<TrainingJobs, 'job'>,
  id: number,
  stream: ProgressStream,
  signal: AbortSignal,
): Promise<TrainingJobRecord> {
  const display = new PhaseDisplay(stream);
  try {
    for (;;) {
      const job = await jobs.job(id);
      if (job === null) throw new Error(`training job ${id}: expected its row, got none`);
      if (job.progress !== null) display.show(job.progress);
      if (job.finishedAt !== null) return job;
      await setTimeout(POLL_MS, undefined, { signal });
    }
  } finally {
    display.stop();
  }
}
