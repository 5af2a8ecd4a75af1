/** Gives items the semantic IDs that a tokenizer makes of their present vectors: first makes a plan, then writes it. */
import { userError } from '../../graphql/common/errors';
import { toGlobalId } from '../../graphql/common/global-id';
import type { UserErrorRecord } from '../../graphql/common/records';
import type { CodeChange } from '../../models/decoding/trie';
import { chunksOf } from '../../models/math/arrays';
import { Rows } from '../../models/math/rows';
import { SENTENCE_DIMS } from '../../models/text/sentence-encoder';
import { readByKeys } from '../storage/bulk-reads';
import { codesOfKey } from '../storage/code-keys';
import type { Database } from '../storage/database';
import { readVectors, type StoredVector, writeVectors } from '../storage/item-rows';
import type { Transaction } from '../storage/transaction';
import type { ActiveTokenizer } from './active-tokenizer';
import { assignCodes, fullError, type CodeAssigner, type EncodableItem, GIVEN_ENCODER } from './code-assigner';
import type { ItemToEncode } from './items-to-encode';
import { type Placement, placeCodes } from './placement';
import { writeChanges } from './semantic-id-rows';

/** The services that making codes needs. */
export interface CodeSources {
  readonly database: Database;
  readonly assigner: CodeAssigner;
}

export interface PlannedCodes {
  readonly itemId: number;
  /** Whole semantic ID that the item has now. */
  readonly before: readonly number[] | null;
  /** Codebook codes that it should have; empty when the tokenizer cannot read its vector. */
  readonly codes: readonly number[];
  /** `WIDTH`: the item has no vector that is as wide as the vectors that the tokenizer reads, and none can be made of its text. */
  readonly placement: Placement | { readonly refused: 'WIDTH' };
  /** A vector that had to be made; null: the stored vector holds. */
  readonly madeVector: StoredVector | null;
}

/** Looks on while codes are made. */
export interface PlanWatch {
  /** Told after some items of how many the codes are known. */
  readonly onCodes?: (done: number, total: number) => void;
  /** Ends it between two groups of items, with its reason. */
  readonly signal?: AbortSignal;
}

/** Items whose vectors are in memory at once: 2 MB at 512 numbers each. */
const ITEMS_PER_CHUNK = 1_000;

/**
 * Reads and computes; writes nothing. Encodes the text of an item that has no vector, where the tokenizer reads vectors of that width. An
 * item whose group is full gets a place beside it.
 */
export async function planCodes(
  services: CodeSources,
  tokenizer: ActiveTokenizer,
  items: readonly ItemToEncode[],
  { onCodes, signal }: PlanWatch = {},
): Promise<PlannedCodes[]> {
  const { read } = services.database;
  const made = new Map<number, StoredVector>();
  const wanted: { itemId: number; codes: readonly number[] }[] = [];
  for (const chunk of chunksOf(items, ITEMS_PER_CHUNK)) {
    signal?.throwIfAborted();
    onCodes?.(wanted.length, items.length);
    const vectors = await presentVectors(services, tokenizer, chunk, made);
    const readable = [...vectors].filter(([, vector]) => vector.length === tokenizer.dims);
    const codes = await assignCodes(
      services.assigner,
      tokenizer,
      readable.map(([, vector]) => vector),
    );
    readable.forEach(([itemId], i) => wanted.push({ itemId, codes: codes[i] }));
  }
  const placements = await placeCodes(read, tokenizer, wanted, true);
  const places = new Map(wanted.map((each, i) => [each.itemId, { codes: each.codes, placement: placements[i] }]));
  const itemIds = items.map(({ itemId }) => itemId);
  const present = await readCodes(read, tokenizer.id, itemIds);
  return itemIds.map((itemId) => ({
    itemId,
    before: present.get(itemId) ?? null,
    ...(places.get(itemId) ?? UNREADABLE),
    madeVector: made.get(itemId) ?? null,
  }));
}

/** @returns Item id → vector of its present text, of the items that have one, in their order. Adds the vectors that it makes to `made`. */
async function presentVectors(
  services: CodeSources,
  { dims }: ActiveTokenizer,
  items: readonly ItemToEncode[],
  made: Map<number, StoredVector>,
): Promise<Map<number, Float32Array>> {
  const stored = await readVectors(
    services.database.read,
    items.map(({ itemId }) => itemId),
  );
  // Beside a shop's own vectors of another width, one made here would be of no use, and the next import of its own would be refused.
  const lacking = dims === SENTENCE_DIMS ? items.filter(({ itemId }) => !stored.has(itemId)) : [];
  const vectors = await encodeTexts(
    services,
    lacking.map(({ text }) => ({ text, embedding: null })),
  );
  lacking.forEach(({ itemId }, i) => made.set(itemId, { itemId, ...vectors[i] }));
  const present = items.map(({ itemId }) => made.get(itemId) ?? stored.get(itemId));
  return new Map(present.flatMap((found) => (found ? [[found.itemId, found.vector]] : [])));
}

const UNREADABLE = { codes: [], placement: { refused: 'WIDTH' } } as const;

/** @returns One error for each item that found no place. */
export function planErrors(
  plan: readonly PlannedCodes[],
  tokenizer: ActiveTokenizer,
  fieldOf: (itemId: number) => (string | number)[],
): UserErrorRecord[] {
  return plan.flatMap(({ itemId, codes, placement }) => {
    if ('codes' in placement) return [];
    if (placement.refused !== 'WIDTH') return [fullError(codes, tokenizer, ...fieldOf(itemId))];
    const message = `vector: expected ${tokenizer.dims} numbers for item ${toGlobalId('Item', itemId)}, got another width; give it another embedding`;
    return [userError('INVALID', message, ...fieldOf(itemId))];
  });
}

/** @returns The changes of the plan, without the items that keep their codes. */
export function plannedChanges(plan: readonly PlannedCodes[]): (CodeChange & { readonly after: readonly number[] })[] {
  return plan.flatMap(({ itemId, before, placement }) =>
    'codes' in placement && String(before) !== String(placement.codes)
      ? [{ itemId, before, after: placement.codes }]
      : [],
  );
}

/** Writes the plan: vectors, semantic IDs and the counts of their prefixes. All its items are live, and its tokenizer is active. */
export async function storePlan(
  transaction: Transaction,
  tokenizer: ActiveTokenizer,
  plan: readonly PlannedCodes[],
): Promise<CodeChange[]> {
  const changes = plannedChanges(plan);
  await writeVectors(
    transaction,
    plan.flatMap(({ madeVector }) => madeVector ?? []),
  );
  await writeChanges(transaction, tokenizer.id, changes);
  return changes;
}

/** @returns Item id → whole semantic ID under the tokenizer, of the items that have one; under none (null) no item has. */
export async function readCodes(
  client: Transaction,
  tokenizerId: number | null,
  itemIds: readonly number[],
): Promise<Map<number, number[]>> {
  if (tokenizerId === null) return new Map();
  const rows = await readByKeys(itemIds, (some) =>
    client.semanticId.findMany({
      where: { tokenizerId, itemId: { in: some } },
      select: { itemId: true, codesKey: true },
    }),
  );
  return new Map(rows.map((row) => [row.itemId, codesOfKey(row.codesKey)]));
}

/** @returns The vector of each: what came with the item, or else what is made of its text. */
export async function encodeTexts(
  { assigner }: Pick<CodeSources, 'assigner'>,
  items: readonly EncodableItem[],
): Promise<Omit<StoredVector, 'itemId'>[]> {
  if (items.length === 0) return [];
  const { vectors, dims, encoder } = await assigner.encode(items);
  const rows = new Rows(vectors, dims);
  return items.map(({ embedding }, row) => ({
    encoder: embedding ? GIVEN_ENCODER : encoder,
    dims,
    vector: rows.row(row),
  }));
}
