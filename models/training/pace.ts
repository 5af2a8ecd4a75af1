/** Decides when a training reports and saves its state, and estimates how long it will still take. */

/** The least number of progress reports in a training; a long training reports every `REPORT_MS`. */
const REPORTS = 100;
const REPORT_MS = 500;
const SAVE_MS = 20_000;
/** After a save, the training goes on for at least this many times as long as the save took: so saves take at most 5 % of the time. */
const TRAINING_PER_SAVE = 20;

export interface PaceReport {
  readonly step: number;
  readonly totalSteps: number;
  /** Mean over the steps since the last report; the last report's loss if there was no step since. */
  readonly loss: number;
  /** Rows or targets trained per second; null before the second step of the run, since the first one takes longer: it compiles. */
  readonly examplesPerSecond: number | null;
  /** Null as long as `examplesPerSecond` is. */
  readonly secondsLeft: number | null;
}

/** Collects losses between reports and measures the speed of the run. The time of day does not count: the clock may be set back. */
export class Pace {
  private reportedAt = -Infinity;
  private saveAt = performance.now() + SAVE_MS;
  private losses: number[] = [];
  private lastLoss = 0;
  /** When the last step ended; null before the first one of this run. */
  private stepAt: number | null = null;
  /** Sums over the steps after the first one of this run. */
  private readonly timed = { steps: 0, ms: 0, examples: 0 };

  constructor(private readonly totalSteps: number) {}

  add(loss: number, examples: number): void {
    this.losses.push(loss);
    const now = performance.now();
    if (this.stepAt !== null) {
      this.timed.ms += now - this.stepAt;
      this.timed.steps++;
      this.timed.examples += examples;
    }
    this.stepAt = now;
  }

  isReportDue(step: number): boolean {
    const isMilestone = step === this.totalSteps || step % Math.ceil(this.totalSteps / REPORTS) === 0;
    return isMilestone || performance.now() - this.reportedAt >= REPORT_MS;
  }

  /** Saves if the last save is 20 seconds ago. After a save that took more than a second, it waits 20 times as long as that took. */
  async saveWhenDue(save: () => Promise<void>): Promise<void> {
    const begun = performance.now();
    if (begun < this.saveAt) return;
    await save();
    const ended = performance.now();
    this.saveAt = ended + Math.max(SAVE_MS, TRAINING_PER_SAVE * (ended - begun));
  }

  take(step: number): PaceReport {
    const { losses, totalSteps } = this;
    if (losses.length > 0) this.lastLoss = losses.reduce((a, b) => a + b, 0) / losses.length;
    this.losses = [];
    this.reportedAt = performance.now();
    return { step, totalSteps, loss: this.lastLoss, ...this.speed(totalSteps - step) };
  }

  private speed(stepsLeft: number): Pick<PaceReport, 'examplesPerSecond' | 'secondsLeft'> {
    const { steps, ms, examples } = this.timed;
    if (steps === 0) return { examplesPerSecond: null, secondsLeft: null };
    const seconds = Math.max(1, ms) / 1000;
    return { examplesPerSecond: examples / seconds, secondsLeft: (seconds / steps) * stepsLeft };
  }
}
