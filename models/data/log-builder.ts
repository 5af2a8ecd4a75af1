/** Makes a log of interactions that come one by one, a user's after one another. */
import { GrowingArray } from '../math/arrays';
import type { InteractionLog } from './interactions';
import { type KindRules, ruleOf } from './kinds';
import { logWithoutRuns } from './log-changes';

export interface NewInteraction {
  /** Row of the item. */
  readonly item: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Index into `KINDS`. */
  readonly kind: number;
}

export class LogBuilder<User> {
  /** In the order of their first interactions. */
  readonly users: User[] = [];
  private readonly offsets = new GrowingArray(Int32Array);
  private readonly items = new GrowingArray(Int32Array);
  private readonly times = new GrowingArray(Float64Array);
  private readonly kinds = new GrowingArray(Uint8Array);
  private length = 0;

  constructor(private readonly rules: KindRules) {}

  /** Leaves out an interaction of a kind that counts nothing. A user's interactions come after one another, oldest first. */
  add(user: User, { item, time, kind }: NewInteraction): void {
    if (ruleOf(kind, this.rules).weight === 0) return;
    if (this.length === 0 || this.users.at(-1) !== user) {
      this.users.push(user);
      this.offsets.push(this.length);
    }
    this.items.push(item);
    this.times.push(time);
    this.kinds.push(kind);
    this.length++;
  }

  /** @returns The log with one entry for each run of one item; `users` says whose histories they are. */
  build(): Omit<InteractionLog, 'userKeys'> {
    this.offsets.push(this.length);
    return logWithoutRuns({
      offsets: this.offsets.values(),
      items: this.items.values(),
      times: this.times.values(),
      kinds: this.kinds.values(),
      rules: this.rules,
    });
  }
}
