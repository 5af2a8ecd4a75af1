/** What can be wrong with items that someone wants to add. */
import type { NewItemArgs, UserErrorRecord } from '../../graphql/common/records';
import { repeatedPositions, userError } from '../../graphql/common/user-errors';
import { embeddingFault } from '../../models/text/embeddings';
import { SENTENCE_DIMS } from '../../models/text/sentence-encoder';
import { findLiveTokenizer } from '../semantic-ids/live-tokenizer';
import type { Transaction } from '../storage/database';
import { storedVectorDims } from '../storage/item-vectors';

/** What is wrong with items by themselves, beside one another, and beside those stored. */
export async function additionErrors(client: Transaction, items: readonly NewItemArgs[]): Promise<UserErrorRecord[]> {
  const externalIds = items.map((item) => item.externalId);
  const repeated = repeatedPositions(externalIds);
  const live = await liveExternalIds(client, externalIds);
  const dims = await expectedDims(client, items);
  return items.flatMap((item, position) => {
    const errors = fieldErrors(item, position);
    const embedding = embeddingError(item.embedding ?? null, dims);
    if (embedding) errors.push(userError('INVALID', `embedding: ${embedding}`, 'items', position, 'embedding'));
    if (repeated.has(position)) errors.push(duplicateError(item.externalId, position, 'earlier in this call'));
    else if (live.has(item.externalId)) errors.push(duplicateError(item.externalId, position, 'in the catalogue'));
    return errors;
  });
}

export function duplicateError(externalId: string, position: number, where: string): UserErrorRecord {
  return userError('DUPLICATE', `externalId: ${externalId} is ${where} already`, 'items', position, 'externalId');
}

/** @returns Those of the external IDs that live items have. */
export async function liveExternalIds(client: Transaction, externalIds: readonly string[]): Promise<Set<string>> {
  const rows = await client.item.findMany({
    where: { externalId: { in: [...externalIds] }, removedAt: null },
    select: { externalId: true },
  });
  return new Set(rows.map((row) => row.externalId));
}

function fieldErrors(item: NewItemArgs, position: number): UserErrorRecord[] {
  const errors: UserErrorRecord[] = [];
  for (const field of ['externalId', 'title'] as const) {
    if (item[field].trim() === '')
      errors.push(userError('INVALID', `${field}: expected text, got none`, 'items', position, field));
  }
  if (!isPrice(item.price)) errors.push(priceError(item.price, 'items', position, 'price'));
  return errors;
}

export function isPrice(price: number | null | undefined): price is number | null | undefined {
  return price === null || price === undefined || (price >= 0 && price < Infinity);
}

export function priceError(price: unknown, ...field: (string | number)[]): UserErrorRecord {
  return userError('OUT_OF_RANGE', `price: expected 0 or more, got ${price}`, ...field);
}

/** Vectors of one catalogue are compared with one another: all have the width of those that came first. */
async function expectedDims(client: Transaction, items: readonly NewItemArgs[]): Promise<number> {
  const known = (await findLiveTokenizer(client))?.dims ?? (await storedVectorDims(client));
  if (known !== null) return known;
  const first = items.every((item) => item.embedding) ? items[0].embedding?.length : SENTENCE_DIMS;
  return first ?? SENTENCE_DIMS;
}

/** @returns What was expected and what came; null when there is nothing wrong. */
function embeddingError(embedding: readonly number[] | null, dims: number): string | null {
  if (embedding === null) {
    return dims === SENTENCE_DIMS ? null : `expected ${dims} numbers, as the other items have, got none`;
  }
  if (embedding.length !== dims || dims === 0) return `expected ${dims || 'some'} numbers, got ${embedding.length}`;
  const fault = embeddingFault(embedding);
  return fault && `expected ${fault.expected}, got ${fault.got}`;
}
