/** The last entry of a semantic ID: it tells apart items whose codebook codes are all equal. */
import type { SemanticId } from './semantic-ids';

/** @returns Codes that an item may have in place of its own, of all levels, nearest first. */
export type NextNearest = (row: number) => Iterable<readonly number[]>;

/**
 * Completes codes to semantic IDs that no two items share. An item keeps the ID it has; the others get, in the order of
 * their rows, the lowest token that is free among the items with their codes.
 *
 * @param codes - The codebook codes of each item, coarse to fine.
 * @param present - The ID that each item already has, or null; null as a whole: no item has one.
 * @param collisionSize - How many tokens there are: `0 … collisionSize-1`.
 * @param nextNearest - Called when an item's group is full. The item takes the first of these whose group has a free token.
 * @throws {RangeError} When neither an item's own group nor one of those has a free token; the message names row and codes.
 */
export function assignCollisionTokens(
  codes: readonly (readonly number[])[],
  present: readonly (SemanticId | null)[] | null,
  collisionSize: number,
  nextNearest: NextNearest = () => [],
): SemanticId[] {
  const presentKeys = new Set((present ?? []).flatMap((id) => (id === null ? [] : keyOf(id))));
  const tokens = new FreeTokens(collisionSize, presentKeys, keyOf);
  return codes.map((own, row) => {
    const id = present?.[row] ?? tokens.take(own) ?? tokens.takeFirst(nextNearest(row));
    if (id !== null) return id;
    throw new RangeError(
      `row ${row}: expected a free collision token under [${own.join(', ')}] or beside it, got none; there are more items ` +
        'than IDs: take a preset with larger codebooks',
    );
  });
}

/** Gives out collision tokens, and knows which IDs are in use. A token that was given out is never free again. */
export class FreeTokens {
  /** The lowest token of each group that may be free. */
  private readonly lowest = new Map<string, number>();

  /**
   * @param taken - Keys of the IDs in use; those given out are added.
   * @param keyOf - The key of codes, with or without their collision token.
   */
  constructor(
    private readonly collisionSize: number,
    private readonly taken: Set<string>,
    private readonly keyOf: (codes: readonly number[]) => string,
  ) {}

  /**
   * @param codes - The codebook codes.
   * @returns The codes with the lowest free token; null when the group is full.
   */
  take(codes: readonly number[]): SemanticId | null {
    const group = this.keyOf(codes);
    for (let token = this.lowest.get(group) ?? 0; token < this.collisionSize; token++) {
      const id = [...codes, token];
      const key = this.keyOf(id);
      if (this.taken.has(key)) continue;
      this.taken.add(key);
      this.lowest.set(group, token + 1);
      return id;
    }
    this.lowest.set(group, this.collisionSize);
    return null;
  }

  /** @returns The first of these codes with a free token; null when all those groups are full. */
  takeFirst(candidates: Iterable<readonly number[]>): SemanticId | null {
    for (const codes of candidates) {
      const id = this.take(codes);
      if (id !== null) return id;
    }
    return null;
  }
}

function keyOf(codes: readonly number[]): string {
  return codes.join('.');
}
