/** Watches a training job until it ends, wherever it runs: its row is what counts. */
import { setTimeout } from 'node:timers/promises';
import type { TrainingJobRecord, TrainingJobs, TrainingPhase, TrainingProgressRecord } from '../../graphql/context';
import { openProgress, type Progress, type ProgressStream } from '../progress-bar';

const POLL_MS = 500;

const PHASE_TITLES: Readonly<Record<TrainingPhase, string>> = {
  FEATURES: 'Reading the items ',
  TOKENIZER: 'Learning codes    ',
  ASSIGNMENT: 'Giving codes      ',
  SEQ2SEQ: 'Learning histories',
  EVALUATION: 'Measuring         ',
  DONE: 'Done              ',
};

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

class PhaseDisplay {
  private phase: TrainingPhase | null = null;
  private progress: Progress | null = null;

  constructor(private readonly stream: ProgressStream) {}

  show(record: TrainingProgressRecord): void {
    if (record.phase === 'DONE') return;
    if (record.phase !== this.phase) {
      this.stop();
      this.phase = record.phase;
      this.progress = openProgress(PHASE_TITLES[record.phase], this.stream);
    }
    this.progress?.update(record.step, record.totalSteps, noteOf(record));
  }

  stop(): void {
    this.progress?.stop();
    this.progress = null;
  }
}

function noteOf({ loss, secondsLeft }: TrainingProgressRecord): string {
  const notes = [];
  if (loss !== null) notes.push(`loss ${loss.toFixed(3)}`);
  if (secondsLeft !== null) notes.push(`${Math.ceil(secondsLeft)} s left`);
  return notes.join(', ');
}
