/** How long to wait between attempts: after each failure twice as long as before, up to a limit. */
export class GrowingWait {
  private failures = 0;

  /** Any unit: milliseconds, or a number of rounds. */
  constructor(
    private readonly first: number,
    private readonly max: number,
  ) {}

  /** Whether an attempt has failed since the last success. */
  get isFailing(): boolean {
    return this.failures > 0;
  }

  /** Counts a failure. @returns How long to wait before the next attempt. */
  afterFailure(): number {
    return Math.min(this.first * 2 ** this.failures++, this.max);
  }

  afterSuccess(): void {
    this.failures = 0;
  }
}
