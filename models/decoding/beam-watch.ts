/** Notes where a beam search drops one semantic ID. */
import type { Continuations, Hypothesis, Ranking } from './beam-search';

/** The prefix that a beam did not keep. */
export interface DroppedPrefix {
  readonly codes: readonly number[];
  /** The level of its last code; 0 is the coarsest. */
  readonly level: number;
  /** Natural-log probability of the prefix, and of the last one that was kept. */
  readonly logProbability: number;
  readonly lastKept: number;
}

/** The view of the search at a level. */
interface Level {
  /** The scores of all continuations. */
  readonly candidates: { readonly priority: number; readonly logProbability: number }[];
  /** That of the watched ID; null: its prefix was dropped before, or no qualifying item has it. */
  own: Level['candidates'][number] | null;
}

/** Ranks as another ranking does. */
export class BeamWatch implements Ranking {
  private readonly levels: Level[] = [];

  /** @param codes - The semantic ID. */
  constructor(
    private readonly ranking: Ranking,
    private readonly codes: readonly number[],
    private readonly beamWidth: number,
  ) {}

  rank(parent: Hypothesis, continuations: Continuations): void {
    this.ranking.rank(parent, continuations);
    const { n, codes, priorities, logProbabilities } = continuations;
    const at = parent.codes.length;
    const level = (this.levels[at] ??= { candidates: [], own: null });
    const isAncestor = parent.codes.every((code, i) => code === this.codes[i]);
    for (let i = 0; i < n; i++) {
      const candidate = { priority: priorities[i], logProbability: parent.score + logProbabilities[i] };
      level.candidates.push(candidate);
      if (isAncestor && codes[i] === this.codes[at]) level.own = candidate;
    }
  }

  /** @returns Null when the search found the ID, or no qualifying item has it. */
  dropped(): DroppedPrefix | null {
    const level = this.levels.findLastIndex(({ own }) => own !== null);
    if (level === -1) return null;
    const { own, candidates } = this.levels[level];
    const kept = candidates.toSorted((a, b) => b.priority - a.priority).slice(0, this.beamWidth);
    const isLastLevel = level === this.codes.length - 1;
    if (isLastLevel && kept.includes(own!)) return null;
    const dropped = this.codes.slice(0, level + 1);
    return { codes: dropped, level, logProbability: own!.logProbability, lastKept: kept.at(-1)!.logProbability };
  }
}
