/** How well codebooks are used: codes that no item has tell no items apart. */
import type { TokenizerConfig } from '../config';

/** How the items are spread over one level's codes. */
export interface LevelUse {
  readonly level: number;
  /** Codes there are, K. */
  readonly size: number;
  readonly usedCodes: number;
  /** Used codes as a share of those that so many items could have used, 0–1. */
  readonly usedShare: number;
  /** How many codes would tell as much if all were used equally often: see `perplexity`. */
  readonly perplexity: number;
  /** Items per code. */
  readonly histogram: readonly number[];
}

/** @param ids - The codes of each item; what follows the codebook levels, such as a collision token, is not read. */
export function codebookUse(
  ids: readonly ArrayLike<number>[],
  { numLevels, codebookSize }: Pick<TokenizerConfig, 'numLevels' | 'codebookSize'>,
): LevelUse[] {
  return Array.from({ length: numLevels }, (_, level) => {
    const histogram = new Array<number>(codebookSize).fill(0);
    for (const codes of ids) histogram[codes[level]]++;
    return levelUse(level, histogram, ids.length);
  });
}

/**
 * @param histogram - How often each code was chosen.
 * @param numItems - How many different items there were to choose for.
 */
function levelUse(level: number, histogram: readonly number[], numItems: number): LevelUse {
  const usedCodes = histogram.filter((count) => count > 0).length;
  const usable = Math.min(histogram.length, numItems);
  return {
    level,
    size: histogram.length,
    usedCodes,
    usedShare: usable === 0 ? 0 : usedCodes / usable,
    perplexity: perplexity(histogram),
    histogram,
  };
}

/** exp of the entropy, in nats, of the shares that the counts have of their sum; 0 where all counts are 0. */
export function perplexity(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 0;
  const shares = counts.filter((count) => count > 0).map((count) => count / total);
  return Math.exp(shares.reduce((sum, share) => sum - share * Math.log(share), 0));
}
