/** Answers refusals at once as long as they take little of the event loop's time. When they take more, each waits a little, and so does its client. */

/** A refusal takes about a tenth of this, so that nine tenths of the time are left to operations. */
const MS_PER_REFUSAL = 0.6;
/** So many are answered at once after a quiet time. */
const MAX_BURST = 50;
const DRAIN_MS = 5;
/** A client asks again when it has its answer, so to wait is what slows it down; but not longer than a second. */
const MAX_WAITING = 1000 / MS_PER_REFUSAL;

export class Refusals {
  private readonly waiting: (() => void)[] = [];
  private allowed = MAX_BURST;
  private countedAt = performance.now();
  private timer: NodeJS.Timeout | null = null;

  /** @param answer - Called now or within a second. */
  add(answer: () => void): void {
    if (this.waiting.length >= MAX_WAITING) return answer();
    this.waiting.push(answer);
    this.answerSome();
  }

  private answerSome(): void {
    const now = performance.now();
    this.allowed = Math.min(MAX_BURST, this.allowed + (now - this.countedAt) / MS_PER_REFUSAL);
    this.countedAt = now;
    const answers = this.waiting.splice(0, Math.floor(this.allowed));
    this.allowed -= answers.length;
    for (const answer of answers) answer();
    if (this.waiting.length > 0) this.timer ??= setTimeout(() => this.goOn(), DRAIN_MS);
  }

  private goOn(): void {
    this.timer = null;
    this.answerSome();
  }
}
