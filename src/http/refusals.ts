/** Answers refusals at once as long as they take little of the event loop's time. When they take more, each waits a little, and so does its client. */

/** A refusal takes about a twentieth of this, so that the rest of the time is left to operations. */
const MS_PER_REFUSAL = 2;
/** So many are answered at once after a quiet time. */
const MAX_BURST = 50;
const DRAIN_MS = 5;
/** A client asks again when it has its answer, so to wait is what slows it down; but not longer than this. */
const MAX_WAIT_MS = 1000;

interface Waiting {
  readonly answer: () => void;
  readonly until: number;
}

export class Refusals {
  private readonly waiting: Waiting[] = [];
  private allowed = MAX_BURST;
  private countedAt = performance.now();
  private timer: NodeJS.Timeout | null = null;

  /** @param answer - Called now or within about a second. */
  add(answer: () => void): void {
    this.waiting.push({ answer, until: performance.now() + MAX_WAIT_MS });
    // The timer answers those that already wait.
    if (this.timer === null) this.answerSome();
  }

  private answerSome(): void {
    const now = performance.now();
    this.allowed = Math.min(MAX_BURST, this.allowed + (now - this.countedAt) / MS_PER_REFUSAL);
    this.countedAt = now;
    const due = this.waiting.findIndex(({ until }) => until > now);
    const count = Math.max(due < 0 ? this.waiting.length : due, Math.floor(this.allowed));
    const answers = this.waiting.splice(0, count);
    this.allowed = Math.max(0, this.allowed - answers.length);
    for (const { answer } of answers) answer();
    if (this.waiting.length > 0) this.timer = setTimeout(() => this.goOn(), DRAIN_MS);
  }

  private goOn(): void {
    this.timer = null;
    this.answerSome();
  }
}
