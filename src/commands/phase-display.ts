/** Shows the progress of a training, phase by phase. */
import type { TrainingProgressRecord } from '../../graphql/training/records';
import type { TrainingPhase } from '../../graphql/training/types';
import { openProgress, type Progress, type ProgressStream } from './progress-bar';

type ShownProgress = Pick<TrainingProgressRecord, 'phase' | 'step' | 'totalSteps' | 'loss' | 'secondsLeft'>;

const PHASE_TITLES: Readonly<Record<TrainingPhase, string>> = {
  FEATURES: 'Reading the items',
  TOKENIZER: 'Learning codebooks',
  ASSIGNMENT: 'Giving semantic IDs',
  SECOND_ITEM_HEAD: 'Learning histories, 2nd model',
  SEQ2SEQ: 'Learning histories',
  EVALUATION: 'Measuring',
  SECOND_REFRESH: 'Learning the rest, 2nd model',
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
