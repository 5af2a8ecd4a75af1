/** Decides which whole semantic ID each item gets: its codes, and the lowest collision token that is free under them. */
import { FreeTokens } from '../../models/semantic-id/collision-token';
import { forKeys, readByKeys } from '../storage/bulk-reads';
import { codesKey, codesOfKey, keysUnder } from '../storage/code-keys';
import { forEachYielding } from '../storage/event-loop';
import type { Transaction } from '../storage/transaction';
import type { ActiveTokenizer } from './active-tokenizer';

export interface WantedCodes {
  /** Null for an item that is not stored yet. */
  readonly itemId: number | null;
  /** The codebook codes, or those and the collision token. */
  readonly codes: readonly number[];
}

/** `TAKEN`: the whole ID is another item's. `FULL`: no collision token is left where the item may go. */
export type Placement = { readonly codes: readonly number[] } | { readonly refused: 'TAKEN' | 'FULL' };

type Tokenizer = Pick<ActiveTokenizer, 'id' | 'numLevels' | 'idLength' | 'codebookSize' | 'collisionSize'>;

/** Ranges of one query: SQLite refuses conditions nested a thousand deep. */
const PREFIXES_PER_QUERY = 100;

/**
 * Places first the items that ask for a whole ID, then those that already have an ID under the codes they ask for, which
 * keep it, and then the others in their order. The present IDs of these items are free for all of them, so that items may
 * swap. A removed item's ID stays taken, since histories still read it.
 *
 * @param mayMove - Whether an item whose group is full takes, after all others are placed, the next code of its last level whose group
 *   has a free token: it is refused only when there is none. False: it is refused.
 * @returns One placement for each item. Nothing is written.
 */
export async function placeCodes(
  client: Transaction,
  tokenizer: Tokenizer,
  wanted: readonly WantedCodes[],
  mayMove = false,
): Promise<Placement[]> {
  const own = await ownKeys(client, tokenizer, wanted);
  const groups = wanted.map(({ codes }) => codes.slice(0, tokenizer.numLevels));
  const taken = await foreignKeys(client, tokenizer, groups, own);
  const placements = new Array<Placement>(wanted.length);
  const claim = (position: number, codes: readonly number[]) => {
    const key = codesKey(codes);
    placements[position] = taken.has(key) ? { refused: 'TAKEN' } : { codes };
    taken.add(key);
  };
  await forEachYielding(wanted, ({ codes }, position) => {
    if (codes.length === tokenizer.idLength) claim(position, codes);
  });
  const ownKey = ({ itemId }: WantedCodes) => (itemId === null ? undefined : own.get(itemId));
  await forEachYielding(wanted, (each, position) => {
    const key = ownKey(each);
    if (key === undefined || each.codes.length === tokenizer.idLength || taken.has(key)) return;
    if (key.startsWith(`${codesKey(each.codes)}.`)) claim(position, codesOfKey(key));
  });
  const tokens = new FreeTokens(tokenizer.collisionSize, taken, codesKey);
  await forEachYielding(wanted, ({ codes }, position) => {
    if (placements[position] !== undefined) return;
    const placed = tokens.take(codes);
    placements[position] = placed === null ? { refused: 'FULL' } : { codes: placed };
  });
  if (mayMove) await moveBeside(client, tokenizer, { wanted, own, placements, taken });
  return placements;
}

interface PlacementState {
  readonly wanted: readonly WantedCodes[];
  readonly own: ReadonlyMap<number, string>;
  readonly placements: Placement[];
  readonly taken: Set<string>;
}

/** Places the items whose group is full in a group beside it. An item that was moved there before stays where it is. */
async function moveBeside(
  client: Transaction,
  tokenizer: Tokenizer,
  { wanted, own, placements, taken }: PlacementState,
): Promise<void> {
  const full = [...placements.keys()].filter((position) => isFull(placements[position]));
  if (full.length === 0) return;
  const parents = full.map((position) => wanted[position].codes.slice(0, tokenizer.numLevels - 1));
  for (const key of await foreignKeys(client, tokenizer, parents, own)) taken.add(key);
  const tokens = new FreeTokens(tokenizer.collisionSize, taken, codesKey);
  full.forEach((position, i) => {
    const { itemId } = wanted[position];
    const present = itemId === null ? undefined : own.get(itemId);
    if (present === undefined || taken.has(present) || !present.startsWith(prefixText(parents[i]))) return;
    taken.add(present);
    placements[position] = { codes: codesOfKey(present) };
  });
  await forEachYielding(full, (position) => {
    if (!isFull(placements[position])) return;
    const codes = tokens.takeFirst(groupsBeside(wanted[position].codes, tokenizer));
    if (codes !== null) placements[position] = { codes };
  });
}

/** Yields the groups of the other codes of the last level: those that follow, in a circle. */
function* groupsBeside(codes: readonly number[], { numLevels, codebookSize }: Tokenizer): Generator<number[]> {
  const parent = codes.slice(0, numLevels - 1);
  for (let step = 1; step < codebookSize; step++) yield [...parent, (codes[numLevels - 1] + step) % codebookSize];
}

function isFull(placement: Placement): boolean {
  return 'refused' in placement && placement.refused === 'FULL';
}

function prefixText(codes: readonly number[]): string {
  return codes.length === 0 ? '' : `${codesKey(codes)}.`;
}

/** @returns Item id → key that the item has now, of the items that are to be placed. */
async function ownKeys(
  client: Transaction,
  tokenizer: Tokenizer,
  wanted: readonly WantedCodes[],
): Promise<Map<number, string>> {
  const itemIds = wanted.flatMap(({ itemId }) => itemId ?? []);
  const rows = await readByKeys(itemIds, (some) =>
    client.semanticId.findMany({ where: { tokenizerId: tokenizer.id, itemId: { in: some } } }),
  );
  return new Map(rows.map((row) => [row.itemId, row.codesKey]));
}

/** @returns Keys under the prefixes that belong to items outside this call. */
async function foreignKeys(
  client: Transaction,
  tokenizer: Tokenizer,
  prefixes: readonly (readonly number[])[],
  own: ReadonlyMap<number, string>,
): Promise<Set<string>> {
  const byKey = new Map<string, readonly number[]>();
  await forEachYielding(prefixes, (codes) => byKey.set(codesKey(codes), codes));
  const distinct = [...byKey.values()];
  const keys = new Set<string>();
  const add = (rows: readonly { itemId: number; codesKey: string }[]) => {
    for (const row of rows) if (!own.has(row.itemId)) keys.add(row.codesKey);
  };
  await forKeys(distinct, async (some) => add(await keysUnderAny(client, tokenizer, some)), PREFIXES_PER_QUERY);
  return keys;
}

/** The query has no order, and each range names the tokenizer: otherwise SQLite reads all keys and compares each with every range. */
function keysUnderAny(client: Transaction, { id, idLength }: Tokenizer, prefixes: readonly (readonly number[])[]) {
  const ranges = prefixes.map((prefix) => ({ tokenizerId: id, codesKey: { ...keysUnder(prefix, idLength) } }));
  return client.semanticId.findMany({ where: { OR: ranges }, select: { itemId: true, codesKey: true } });
}
