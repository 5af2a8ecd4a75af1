/** When a training reports and saves itself, and how long it will still take. */

/** Progress reports in a whole training. */
const REPORTS = 100;
const SNAPSHOT_SECONDS = 20;

export interface PaceReport {
  readonly step: number;
  readonly totalSteps: number;
  /** Mean a step since the last report. */
  readonly loss: number;
  readonly secondsLeft: number;
}

/** Sums losses between reports and knows how fast the run is. */
export class Pace {
  private readonly began = Date.now();
  private lastSnapshot = Date.now();
  private losses: number[] = [];

  constructor(
    private readonly firstStep: number,
    private readonly totalSteps: number,
  ) {}

  add(loss: number): void {
    this.losses.push(loss);
  }

  isReportDue(step: number): boolean {
    return step === this.totalSteps || step % Math.ceil(this.totalSteps / REPORTS) === 0;
  }

  isSnapshotDue(): boolean {
    const isDue = Date.now() - this.lastSnapshot >= SNAPSHOT_SECONDS * 1000;
    if (isDue) this.lastSnapshot = Date.now();
    return isDue;
  }

  take(step: number): PaceReport {
    const loss = this.losses.reduce((a, b) => a + b, 0) / this.losses.length;
    this.losses = [];
    const secondsAStep = (Date.now() - this.began) / 1000 / (step - this.firstStep);
    return { step, totalSteps: this.totalSteps, loss, secondsLeft: secondsAStep * (this.totalSteps - step) };
  }
}
