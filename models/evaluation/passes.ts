/** Passes over the held-out users, planned ahead, so that their progress has a total. */
import type { HeldOutRanker, RankOptions } from './held-out-ranker';

/** @returns The options of one pass, with what all passes of its phase have in common. */
export type PlanPass = (options: Partial<RankOptions>) => RankOptions;

/** All passes of a phase over users, planned before the first starts, so that progress has a total. */
export class Passes {
  private total = 0;

  constructor(private readonly onProgress: (done: number, total: number) => void) {}

  /** @returns The options, with progress that counts on from the passes planned before. */
  plan(ranker: HeldOutRanker, options: RankOptions): RankOptions {
    const before = this.total;
    this.total += ranker.cases(options).length;
    return { ...options, onProgress: (done) => this.onProgress(before + done, this.total) };
  }
}
