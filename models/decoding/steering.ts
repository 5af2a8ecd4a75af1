/** Moves the items under some prefixes up or down in a list: the beam enters those prefixes earlier or later. No score changes. */
import type { Continuations, Hypothesis, Ranking } from './beam-search';

/** A prefix of semantic IDs. */
export interface Shelf {
  readonly codes: readonly number[];
  /** For the rank, the probability of its items counts so many times; above 0. */
  readonly factor: number;
}

/** Ranks prefixes by their probability times the factors of the shelves that they lie in or, for factors above 1, lead to. */
export class SteeredRanking implements Ranking {
  constructor(private readonly shelves: readonly Shelf[]) {}

  rank({ codes: parent, score }: Hypothesis, { n, codes, logProbabilities, priorities }: Continuations): void {
    // Few shelves lie on the way of one hypothesis.
    const near = this.shelves.filter(({ codes }) => agree(parent, codes));
    for (let i = 0; i < n; i++)
      priorities[i] = score + logProbabilities[i] + (near.length === 0 ? 0 : logFactor([...parent, codes[i]], near));
  }
}

/** @returns Whether the item of these codes is on the shelf. */
export function isOn(shelf: Pick<Shelf, 'codes'>, codes: ArrayLike<number>): boolean {
  return shelf.codes.length <= codes.length && agree(codes, shelf.codes);
}

/** A prefix above several shelves leads to the best of them. */
function logFactor(prefix: readonly number[], shelves: readonly Shelf[]): number {
  let [within, below] = [0, 0];
  for (const { codes, factor } of shelves) {
    if (!agree(prefix, codes)) continue;
    if (codes.length <= prefix.length) within += Math.log(factor);
    else below = Math.max(below, Math.log(factor));
  }
  return within + below;
}

/** Whether one of the two begins with the other. */
function agree(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  const length = Math.min(one.length, other.length);
  for (let level = 0; level < length; level++) if (one[level] !== other[level]) return false;
  return true;
}
