/** The last entry of a semantic ID: it tells apart items whose codebook codes are all equal. */
import type { SemanticId } from './semantic-ids';

/** The codes of a level's other candidates for an item, nearest first. */
export type NextNearest = (row: number) => Iterable<number>;

/**
 * Completes codes to semantic IDs that no two items share. An item keeps the ID it has; the others get, in the order of
 * their rows, the lowest token that is free among the items with their codes.
 *
 * @param codes - The codebook codes of each item, coarse to fine.
 * @param present - The ID that each item already has, or null; null as a whole: none has one.
 * @param collisionSize - Tokens there are: `0 … collisionSize-1`.
 * @param nextNearest - Asked when an item's group is full: other codes for its last level. The first with a free token is taken.
 * @throws {RangeError} When neither an item's own group nor one of those has a free token; the message names row and codes.
 */
export function assignCollisionTokens(
  codes: readonly (readonly number[])[],
  present: readonly (SemanticId | null)[] | null,
  collisionSize: number,
  nextNearest: NextNearest = () => [],
): SemanticId[] {
  const groups = new TokenGroups(collisionSize);
  for (const id of present ?? []) if (id !== null) groups.occupy(id);
  return codes.map((own, row) => present?.[row] ?? newId(own, row, groups, nextNearest));
}

/**
 * @param taken - Tokens in use among items with equal codes.
 * @returns The lowest of `0 … collisionSize-1` that is free; null when none is.
 */
export function lowestFreeToken(taken: ReadonlySet<number>, collisionSize: number): number | null {
  // Of n + 1 candidates at most n are taken.
  const candidates = Math.min(collisionSize, taken.size + 1);
  for (let token = 0; token < candidates; token++) if (!taken.has(token)) return token;
  return null;
}

function newId(own: readonly number[], row: number, groups: TokenGroups, nextNearest: NextNearest): SemanticId {
  const direct = groups.join(own);
  if (direct !== null) return direct;
  for (const code of nextNearest(row)) {
    const moved = groups.join([...own.slice(0, -1), code]);
    if (moved !== null) return moved;
  }
  throw new RangeError(
    `row ${row}: expected a free collision token under [${own.join(', ')}] or beside it, got none; too many items read alike: ` +
      'tell them apart by titles, brands or categories, or take a preset with larger codebooks',
  );
}

/** Which tokens are in use, by codes. */
class TokenGroups {
  private readonly groups = new Map<string, { taken: Set<number>; lowestFree: number }>();

  constructor(private readonly collisionSize: number) {}

  /** @throws {RangeError} When the ID is in use, or its token is not one that there is. */
  occupy(id: SemanticId): void {
    const token = id[id.length - 1];
    const group = this.group(id.slice(0, -1));
    if (group.taken.has(token)) throw new RangeError(`present: expected each ID once, got [${id.join(', ')}] twice`);
    if (!(token >= 0 && token < this.collisionSize)) {
      throw new RangeError(`present: expected a collision token below ${this.collisionSize}, got ${token}`);
    }
    group.taken.add(token);
  }

  /** @returns The codes with the token they get; null when the group is full. */
  join(codes: readonly number[]): SemanticId | null {
    const group = this.group(codes);
    // Tokens are never given back here, so that the search can go on where it ended.
    while (group.taken.has(group.lowestFree)) group.lowestFree++;
    if (group.lowestFree >= this.collisionSize) return null;
    group.taken.add(group.lowestFree);
    return [...codes, group.lowestFree];
  }

  private group(codes: readonly number[]) {
    const key = codes.join('.');
    let group = this.groups.get(key);
    if (group === undefined) this.groups.set(key, (group = { taken: new Set(), lowestFree: 0 }));
    return group;
  }
}
