/** Decides when a training reports and saves its state, and estimates how long it will still take. */

/** The least number of progress reports in a training; a long training reports every `REPORT_MS`. */
const REPORTS = 100;
const REPORT_MS = 500;
const SAVE_MS = 20_000;
/** After a save, the training goes on for at least this many times as long as the save took. */
const TRAINING_PER_SAVE = 10;

export interface PaceReport {
  readonly step: number;
  readonly totalSteps: number;
  /** Mean over the steps since the last report; the last report's loss if there was no step since. */
  readonly loss: number;
  /** Rows or targets trained per second. */
  readonly examplesPerSecond: number;
  readonly secondsLeft: number;
}

/** Collects losses between reports and measures the speed of the run. */
export class Pace {
  private readonly began = Date.now();
  private reportedAt = 0;
  private saveAt = Date.now() + SAVE_MS;
  private examples = 0;
  private losses: number[] = [];
  private lastLoss = 0;

  /** @param firstStep - Steps done before this run, if it continues from a state; else 0. */
  constructor(
    private readonly firstStep: number,
    private readonly totalSteps: number,
  ) {}

  add(loss: number, examples: number): void {
    this.losses.push(loss);
    this.examples += examples;
  }

  isReportDue(step: number): boolean {
    const isMilestone = step === this.totalSteps || step % Math.ceil(this.totalSteps / REPORTS) === 0;
    return isMilestone || Date.now() - this.reportedAt >= REPORT_MS;
  }

  /** Saves if the last save is 20 seconds ago. After a save that took more than 2 seconds, it waits ten times as long as that took. */
  async saveWhenDue(save: () => Promise<void>): Promise<void> {
    const begun = Date.now();
    if (begun < this.saveAt) return;
    await save();
    const ended = Date.now();
    this.saveAt = ended + Math.max(SAVE_MS, TRAINING_PER_SAVE * (ended - begun));
  }

  take(step: number): PaceReport {
    const { losses, totalSteps } = this;
    if (losses.length > 0) this.lastLoss = losses.reduce((a, b) => a + b, 0) / losses.length;
    this.losses = [];
    this.reportedAt = Date.now();
    const seconds = Math.max(1, this.reportedAt - this.began) / 1000;
    const secondsLeft = (seconds / Math.max(1, step - this.firstStep)) * (totalSteps - step);
    return { step, totalSteps, loss: this.lastLoss, examplesPerSecond: this.examples / seconds, secondsLeft };
  }
}
