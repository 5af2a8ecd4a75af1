/** How well codebooks are used: codes that nobody has tell no items apart. */
import type { TokenizerConfig } from '../config';

/** How the items are spread over one level's codes. */
export interface LevelUse {
  readonly level: number;
  /** Codes there are, K. */
  readonly size: number;
  readonly usedCodes: number;
  /** Used codes as a share of those that so many items could have used, 0–1. */
  readonly usedShare: number;
  /** exp of the entropy of the codes' use: how many codes would do if all were used alike. */
  readonly perplexity: number;
  /** Items a code. */
  readonly histogram: readonly number[];
}

/** @param ids - A row of codes an item; what follows the codebook levels, such as a collision token, is not looked at. */
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
 * @param histogram - Choices a code.
 * @param numItems - How many different items there were to choose for.
 */
export function levelUse(level: number, histogram: readonly number[], numItems: number): LevelUse {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  const shares = histogram.filter((count) => count > 0).map((count) => count / total);
  const entropy = shares.reduce((sum, share) => sum - share * Math.log(share), 0);
  const usable = Math.min(histogram.length, numItems);
  return {
    level,
    size: histogram.length,
    usedCodes: shares.length,
    usedShare: usable === 0 ? 0 : shares.length / usable,
    perplexity: total === 0 ? 0 : Math.exp(entropy),
    histogram,
  };
}
