/** Notices a worker thread that answers nothing any more, such as one in an endless loop. */

export interface SilenceLimits {
  readonly everyMs: number;
  /** A thread that leaves this many pings unanswered hangs. Pings are counted, not time: the whole process may have been asleep. */
  readonly maxPings: number;
}

/** Far longer than the longest computation between two messages that a worker handles. */
export const SILENCE_LIMITS: SilenceLimits = { everyMs: 10_000, maxPings: 12 };

export class SilenceWatch {
  private timer: NodeJS.Timeout | null = null;
  private unanswered = 0;

  constructor(
    private readonly limits: SilenceLimits,
    private readonly ping: () => void,
    private readonly onSilent: () => void,
  ) {}

  /** Call it when an answer is expected. */
  begin(): void {
    this.timer ??= setInterval(() => this.look(), this.limits.everyMs).unref();
  }

  /** Call it at each message of the thread. */
  heard(): void {
    this.unanswered = 0;
  }

  /** Call it when no answer is expected any more. */
  end(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    this.unanswered = 0;
  }

  private look(): void {
    if (this.unanswered >= this.limits.maxPings) {
      this.end();
      this.onSilent();
      return;
    }
    this.unanswered++;
    this.ping();
  }
}
