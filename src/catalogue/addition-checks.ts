/** What can be wrong with items that someone wants to add. */
import type { UserErrorRecord } from '../../graphql/common/records';
import { repeatedPositions, userError } from '../../graphql/common/user-errors';
import type { NewItemArgs } from '../../graphql/item/records';
import { embeddingFault } from '../../models/text/embeddings';
import { SENTENCE_DIMS } from '../../models/text/sentence-encoder';
import { findLiveTokenizer } from '../semantic-ids/live-tokenizer';
import { storedVectorDims } from '../storage/item-vectors';
import type { Transaction } from '../storage/transaction';
import { attributesErrors, priceErrors, textErrors } from './field-checks';

/** @returns What is wrong with each item alone, compared with the others of the call, and compared with the stored ones. */
export async function additionErrors(client: Transaction, items: readonly NewItemArgs[]): Promise<UserErrorRecord[]> {
  const externalIds = items.map((item) => item.externalId);
  const repeated = repeatedPositions(externalIds);
  const live = await liveExternalIds(client, externalIds);
  const dims = await expectedDims(client, items);
  return items.flatMap((item, position) => {
    const errors = fieldErrors(item, position);
    const embedding = embeddingError(item.embedding ?? null, dims);
    if (embedding) errors.push(userError('INVALID', `embedding: ${embedding}`, 'items', position, 'embedding'));
    if (repeated.has(position))
      errors.push(duplicateError(item.externalId, position, 'earlier in this call already; give it once'));
    else if (live.has(item.externalId))
      errors.push(duplicateError(item.externalId, position, 'in the catalogue already; updateItems changes it'));
    return errors;
  });
}

function duplicateError(externalId: string, position: number, where: string): UserErrorRecord {
  return userError(
    'DUPLICATE',
    `externalId: expected a new one, got ${externalId}, which is ${where}`,
    'items',
    position,
    'externalId',
  );
}

/** @returns Those of the external IDs that belong to live items. */
async function liveExternalIds(client: Transaction, externalIds: readonly string[]): Promise<Set<string>> {
  const rows = await client.item.findMany({
    where: { externalId: { in: [...externalIds] }, removedAt: null },
    select: { externalId: true },
  });
  return new Set(rows.map((row) => row.externalId));
}

function fieldErrors({ externalId, title, price, attributes }: NewItemArgs, position: number): UserErrorRecord[] {
  return [
    ...textErrors('externalId', externalId, position),
    ...textErrors('title', title, position),
    ...priceErrors(price, position),
    ...attributesErrors(attributes, position),
  ];
}

/** All vectors of one catalogue are as wide as the first ones, since they are compared with one another. */
async function expectedDims(client: Transaction, items: readonly NewItemArgs[]): Promise<number> {
  const known = (await findLiveTokenizer(client))?.dims ?? (await storedVectorDims(client));
  if (known !== null) return known;
  const first = items.every((item) => item.embedding) ? items[0].embedding?.length : SENTENCE_DIMS;
  return first ?? SENTENCE_DIMS;
}

/** @returns What was expected and what came; null when there is nothing wrong. */
function embeddingError(embedding: readonly number[] | null, dims: number): string | null {
  if (embedding === null) {
    return dims === SENTENCE_DIMS
      ? null
      : `expected ${dims} numbers, as the other items have, got none; give this item an embedding too`;
  }
  if (embedding.length !== dims || dims === 0) return `expected ${dims || 'some'} numbers, got ${embedding.length}`;
  const fault = embeddingFault(embedding);
  return fault && `expected ${fault.expected}, got ${fault.got}`;
}
