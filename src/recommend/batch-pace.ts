/** How long a worker takes for one user's list, as a mean of its last batches. */

/** How much a batch of this many users changes the mean. */
const MEMORY_USERS = 100;

export class BatchPace {
  /** Null before the first measurement. */
  private msPerUser: number | null = null;

  /** @param ms - The time of one worker for so many users. */
  measure(ms: number, users: number): void {
    const newest = ms / users;
    const share = Math.min(1, users / MEMORY_USERS);
    this.msPerUser = this.msPerUser === null ? newest : this.msPerUser + share * (newest - this.msPerUser);
  }

  /** @returns The time of one worker for so many users; 0 before the first measurement. */
  msFor(users: number): number {
    return users * (this.msPerUser ?? 0);
  }

  /** @returns For how many users one worker makes lists in this time, at least 1; 1 before the first measurement. */
  usersIn(ms: number): number {
    return this.msPerUser === null ? 1 : Math.max(1, Math.floor(ms / this.msPerUser));
  }
}
