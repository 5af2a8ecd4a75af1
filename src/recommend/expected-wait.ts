/** Estimates how long the last one of a queue will wait, from how long those before it took. */

/** How much a batch of this many users changes the mean. */
const MEMORY_USERS = 100;

export class ExpectedWait {
  /** The mean time of a worker for one user; null before the first measurement, when nobody is refused. */
  private msPerUser: number | null = null;

  /** @param ms - The time of one worker for so many users, while others waited. */
  measure(ms: number, users: number): void {
    const newest = ms / users;
    const share = Math.min(1, users / MEMORY_USERS);
    this.msPerUser = this.msPerUser === null ? newest : this.msPerUser + share * (newest - this.msPerUser);
  }

  waitMs(waitingUsers: number, workers: number): number {
    return (waitingUsers * (this.msPerUser ?? 0)) / Math.max(1, workers);
  }
}
