/** Which whole semantic ID each item gets: the collision token is the lowest that is free under the item's codes. */
import type { Prisma } from '../prisma/generated/sqlite/client';
import { codesKey, codesOfKey, keysUnder } from './code-keys';
import type { Transaction } from './database';
import type { LiveTokenizer } from './live-tokenizer';

export interface WantedCodes {
  /** Null for an item that is not stored yet. */
  readonly itemId: number | null;
  /** The codebook codes, or those and the collision token. */
  readonly codes: readonly number[];
}

/** `TAKEN`: the whole ID is another item's. `FULL`: no collision token is left under the codes. */
export type Placement = { readonly codes: readonly number[] } | { readonly refused: 'TAKEN' | 'FULL' };

type Tokenizer = Pick<LiveTokenizer, 'id' | 'numLevels' | 'depth' | 'collisionSize'>;

/** Ranges a query: SQLite refuses conditions nested a thousand deep. */
const GROUPS_A_QUERY = 200;
const MANY_GROUPS = 1_000;

/**
 * Places items, in this order: those that ask for a whole ID; those that already have one under the codes they ask for,
 * which keep it; the others by their order. IDs that the items themselves have now are free for one another, so that
 * items may swap. A removed item's ID stays taken, since histories still read it.
 *
 * @returns One placement an item. Nothing is written.
 */
export async function placeCodes(
  client: Transaction,
  tokenizer: Tokenizer,
  wanted: readonly WantedCodes[],
): Promise<Placement[]> {
  const own = await ownKeys(client, tokenizer, wanted);
  const taken = await foreignKeys(client, tokenizer, wanted, own);
  const placements = new Array<Placement>(wanted.length);
  const claim = (position: number, codes: readonly number[]) => {
    const key = codesKey(codes);
    placements[position] = taken.has(key) ? { refused: 'TAKEN' } : { codes };
    taken.add(key);
  };
  wanted.forEach(({ codes }, position) => {
    if (codes.length === tokenizer.depth) claim(position, codes);
  });
  wanted.forEach(({ itemId, codes }, position) => {
    const key = itemId === null ? undefined : own.get(itemId);
    if (key === undefined || codes.length === tokenizer.depth || taken.has(key)) return;
    if (key.startsWith(`${codesKey(codes)}.`)) claim(position, codesOfKey(key));
  });
  wanted.forEach(({ codes }, position) => {
    if (placements[position] !== undefined) return;
    const token = lowestFreeToken(codes, tokenizer, taken);
    if (token === null) placements[position] = { refused: 'FULL' };
    else claim(position, [...codes, token]);
  });
  return placements;
}

function lowestFreeToken(codes: readonly number[], tokenizer: Tokenizer, taken: ReadonlySet<string>): number | null {
  for (let token = 0; token < tokenizer.collisionSize; token++) {
    if (!taken.has(codesKey([...codes, token]))) return token;
  }
  return null;
}

/** @returns Item id → key that the item has now, of the items that are to be placed. */
async function ownKeys(
  client: Transaction,
  tokenizer: Tokenizer,
  wanted: readonly WantedCodes[],
): Promise<Map<number, string>> {
  const itemIds = wanted.flatMap(({ itemId }) => itemId ?? []);
  const rows = await client.semanticId.findMany({ where: { tokenizerId: tokenizer.id, itemId: { in: itemIds } } });
  return new Map(rows.map((row) => [row.itemId, row.codesKey]));
}

/** @returns Keys under the codes asked for that belong to items outside this call. */
async function foreignKeys(
  client: Transaction,
  tokenizer: Tokenizer,
  wanted: readonly WantedCodes[],
  own: ReadonlyMap<number, string>,
): Promise<Set<string>> {
  const groups = [...new Set(wanted.map(({ codes }) => codesKey(codes.slice(0, tokenizer.numLevels))))];
  const keys = new Set<string>();
  for (const condition of conditionsOf(groups, tokenizer.depth)) {
    const rows = await client.semanticId.findMany({
      where: { tokenizerId: tokenizer.id, ...condition },
      select: { itemId: true, codesKey: true },
    });
    for (const row of rows) if (!own.has(row.itemId)) keys.add(row.codesKey);
  }
  return keys;
}

/** One query a condition. Many groups are as good as all: then one query reads everything. */
function conditionsOf(groups: readonly string[], depth: number): Prisma.SemanticIdWhereInput[] {
  if (groups.length > MANY_GROUPS) return [{}];
  const ranges = groups.map((group) => ({ codesKey: { ...keysUnder(codesOfKey(group), depth) } }));
  const starts = Array.from({ length: Math.ceil(ranges.length / GROUPS_A_QUERY) }, (_, i) => i * GROUPS_A_QUERY);
  return starts.map((start) => ({ OR: ranges.slice(start, start + GROUPS_A_QUERY) }));
}
