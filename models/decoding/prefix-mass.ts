/** Probabilities of items, summed by prefix of their semantic IDs, so that a beam search can mix them into its own. */
import { groupBy } from '../math/group-by';

/** An item with its probability. */
export interface WeighedId {
  readonly codes: ArrayLike<number>;
  readonly probability: number;
}

/** The probability of one prefix. Those of longer prefixes are summed when a search comes to them, which it does for few. */
export class PrefixMass {
  readonly mass: number;
  private children: ReadonlyMap<number, PrefixMass> | null = null;

  /**
   * @param items - Those that begin with the prefix.
   * @param numCodes - Length of the prefix.
   */
  constructor(
    private readonly items: readonly WeighedId[],
    private readonly numCodes = 0,
  ) {
    this.mass = items.reduce((sum, { probability }) => sum + probability, 0);
  }

  /** @returns The prefix with one more code; null: none of the items has it. */
  child(code: number): PrefixMass | null {
    this.children ??= this.byNextCode();
    return this.children.get(code) ?? null;
  }

  private byNextCode(): ReadonlyMap<number, PrefixMass> {
    const groups = groupBy(this.items, ({ codes }) => codes[this.numCodes]);
    return new Map(Array.from(groups, ([code, items]) => [code, new PrefixMass(items, this.numCodes + 1)]));
  }
}
