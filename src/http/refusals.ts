/**
 * Answers refusals at once as long as they take little of the event loop's time. When they take more, each waits a little, and so does
 * its client.
 */

/** A refusal takes about a twentieth of this, so that the rest of the time is left to operations. */
const MS_PER_REFUSAL = 2;
/** So many are answered at once after a quiet time. */
const MAX_BURST = 50;
const DRAIN_MS = 5;
/** A client asks again when it has its answer, so a wait slows it down; but it shall not be much longer than this. */
const MEAN_WAIT_MS = 2000;
/** Waits are spread by so much at random: else clients that were refused together would come back together. */
const SPREAD_MS = 1000;
/** The most refusals that are answered in one pass of the event loop, so that other work comes in between. */
const MAX_PER_PASS = 64;

interface Waiting {
  readonly answer: () => void;
  readonly until: number;
}

export class Refusals {
  /** The one that has waited for long enough first stands first. */
  private readonly waiting: Waiting[] = [];
  private allowed = MAX_BURST;
  private countedAt = performance.now();
  private willGoOn = false;

  /** @param answer - Called now or within two seconds and a half. */
  add(answer: () => void): void {
    const until = performance.now() + MEAN_WAIT_MS + SPREAD_MS * (Math.random() - 0.5);
    this.waiting.splice(this.countUntil(until), 0, { answer, until });
    // Those who already wait are answered later.
    if (!this.willGoOn) this.answerSome();
  }

  private answerSome(): void {
    const now = performance.now();
    this.allowed = Math.min(MAX_BURST, this.allowed + (now - this.countedAt) / MS_PER_REFUSAL);
    this.countedAt = now;
    const count = Math.max(this.countUntil(now), Math.floor(this.allowed));
    const answers = this.waiting.splice(0, Math.min(count, MAX_PER_PASS));
    this.allowed = Math.max(0, this.allowed - answers.length);
    for (const { answer } of answers) answer();
    if (this.waiting.length > 0) this.goOnLater(count > MAX_PER_PASS);
  }

  private goOnLater(isSoon: boolean): void {
    this.willGoOn = true;
    const goOn = () => {
      this.willGoOn = false;
      this.answerSome();
    };
    if (isSoon) setImmediate(goOn);
    else setTimeout(goOn, DRAIN_MS);
  }

  /** @returns How many of the waiting answers are due by this time. */
  private countUntil(time: number): number {
    let [low, high] = [0, this.waiting.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.waiting[middle].until <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
