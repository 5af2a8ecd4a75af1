/** Progress on stderr: a bar on a terminal, elsewhere a line at each tenth, and each ten seconds; of a training for each phase. */
import { setTimeout } from 'node:timers/promises';

import { Presets, SingleBar } from 'cli-progress';

import type { TrainingJobs } from '../../graphql/context';
import type { TrainingJobRecord, TrainingProgressRecord } from '../../graphql/training/records';
import type { TrainingPhase } from '../../graphql/training/types';

/** A stream for progress, such as `process.stderr`. */
export interface ProgressStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
}

export interface Progress {
  /** @param note - Text after the bar, such as `loss 2.31`. */
  update(done: number, total: number, note?: string): void;
  /** Ends the display. The bar or the last line stays; do not call `update` after this. */
  stop(): void;
}

/** Opens the display of one piece of work. It writes nothing before the first update. */
export function openProgress(title: string, stream: ProgressStream): Progress {
  return stream.isTTY === true ? openBar(title, stream) : openLines(title, stream);
}

function openBar(title: string, stream: ProgressStream): Progress {
  const bar = new SingleBar(
    { stream, format: `${title} {bar} {percentage}% {note}`, barsize: 20, hideCursor: true, clearOnComplete: false },
    Presets.shades_classic,
  );
  return {
    update(done, total, note = '') {
      if (!bar.isActive) bar.start(total, done, { note });
      bar.setTotal(total);
      bar.update(done, { note });
    },
    stop: () => bar.stop(),
  };
}

/** A line says at least as often that the work goes on. */
const LINE_EVERY_MS = 10_000;

function openLines(title: string, stream: ProgressStream): Progress {
  let last = { tenth: -1, done: -1, at: 0 };
  return {
    update(done, total, note = '') {
      const percent = total > 0 ? Math.floor((100 * done) / total) : 100;
      const tenth = Math.floor(percent / 10);
      const isSlow = done !== last.done && performance.now() - last.at >= LINE_EVERY_MS;
      if (tenth === last.tenth && !isSlow) return;
      last = { tenth, done, at: performance.now() };
      stream.write(`${title} ${percent}%${note && ` ${note}`}\n`);
    },
    stop: () => undefined,
  };
}

type ShownProgress = Pick<TrainingProgressRecord, 'phase' | 'step' | 'totalSteps' | 'loss' | 'secondsLeft'>;

const PHASE_TITLES: Readonly<Record<TrainingPhase, string>> = {
  FEATURES: 'Reading the items',
  TOKENIZER: 'Learning codebooks',
  ASSIGNMENT: 'Giving semantic IDs',
  SEQ2SEQ: 'Learning histories',
  EVALUATION: 'Measuring',
  REFRESH: 'Learning the rest',
  BASELINES: 'Comparing with simple methods',
  DONE: 'Done',
};

const TITLE_WIDTH = Math.max(...Object.values(PHASE_TITLES).map(({ length }) => length));

/** Shows one bar per phase. The bar of a phase stays when the next phase begins. */
export class PhaseDisplay {
  private shown: ShownProgress | null = null;
  private progress: Progress | null = null;

  constructor(private readonly stream: ProgressStream) {}

  show(record: ShownProgress): void {
    if (record.phase === 'DONE') return this.completePhase();
    if (record.phase !== this.shown?.phase) {
      this.completePhase();
      this.progress = openProgress(PHASE_TITLES[record.phase].padEnd(TITLE_WIDTH), this.stream);
    }
    this.shown = record;
    this.progress?.update(record.step, record.totalSteps, noteOf(record));
  }

  stop(): void {
    this.progress?.stop();
    this.progress = null;
  }

  /** The last step of a phase may never be shown, because progress is read only now and then. */
  private completePhase(): void {
    if (this.shown !== null) this.progress?.update(this.shown.totalSteps, this.shown.totalSteps);
    this.stop();
    this.shown = null;
  }
}

function noteOf({ loss, secondsLeft }: ShownProgress): string {
  const notes = [];
  if (loss !== null) notes.push(`loss ${loss.toFixed(3)}`);
  if (secondsLeft !== null) notes.push(`${Math.ceil(secondsLeft)} s left`);
  return notes.join(', ');
}

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
  const shown = new Set<string>();
  try {
    for (;;) {
      const job = await jobs.job(id);
      if (job === null) throw new Error(`training job ${id}: expected its row, got none`);
      if (job.progress !== null) display.show(job.progress);
      for (const warning of job.progress?.warnings ?? []) {
        if (!shown.has(warning)) stream.write(`${warning}\n`);
        shown.add(warning);
      }
      if (job.finishedAt !== null) return job;
      await setTimeout(POLL_MS, undefined, { signal });
    }
  } finally {
    display.stop();
  }
}
