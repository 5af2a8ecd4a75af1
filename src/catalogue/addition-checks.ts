/** What can be wrong with items that someone wants to add. */
import { repeatedPositions, userError } from '../../graphql/common/errors';
import type { UserErrorRecord } from '../../graphql/common/records';
import { isStorableText } from '../../graphql/common/storable-text';
import type { NewItemArgs } from '../../graphql/item/records';
import { SENTENCE_DIMS } from '../../models/text/sentence-encoder';
import { findActiveTokenizer } from '../semantic-ids/active-tokenizer';
import { storedVectorDims } from '../storage/item-rows';
import type { Transaction } from '../storage/transaction';
import { attributesErrors, embeddingErrors, textErrors } from './field-checks';

/** @returns What is wrong with each item alone, compared with the others of the call, and compared with the stored ones. */
export async function additionErrors(client: Transaction, items: readonly NewItemArgs[]): Promise<UserErrorRecord[]> {
  const externalIds = items.map((item) => item.externalId);
  const repeated = repeatedPositions(externalIds);
  const live = await liveExternalIds(client, externalIds);
  const dims = await expectedDims(client, items);
  return items.flatMap((item, position) => {
    const errors = [...fieldErrors(item, position), ...vectorErrors(item.embedding ?? null, dims, position)];
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
    where: { externalId: { in: externalIds.filter(isStorableText) }, removedAt: null },
    select: { externalId: true },
  });
  return new Set(rows.map((row) => row.externalId));
}

function fieldErrors({ externalId, title, attributes }: NewItemArgs, position: number): UserErrorRecord[] {
  return [
    ...textErrors('externalId', externalId, position),
    ...textErrors('title', title, position),
    ...attributesErrors(attributes, position),
  ];
}

/**
 * All vectors of one catalogue are as wide as the first ones, since they are compared with one another.
 *
 * @returns Null when the catalogue has items and no vector yet: those of its texts will come from the built-in encoder.
 */
async function expectedDims(client: Transaction, items: readonly NewItemArgs[]): Promise<number | null> {
  const known = await knownDims(client);
  if (known !== null) return known;
  if ((await client.item.findFirst({ select: { id: true } })) !== null) return null;
  const first = items.every((item) => item.embedding) ? items[0].embedding?.length : SENTENCE_DIMS;
  return first ?? SENTENCE_DIMS;
}

/** @returns The width of the vectors that the catalogue has; null when it has none. */
export async function knownDims(client: Transaction): Promise<number | null> {
  return (await findActiveTokenizer(client))?.dims ?? (await storedVectorDims(client));
}

function vectorErrors(embedding: readonly number[] | null, dims: number | null, position: number): UserErrorRecord[] {
  if (embedding !== null) return dims === null ? [textsAlone(position)] : embeddingErrors(embedding, dims, position);
  if (dims === null || dims === SENTENCE_DIMS) return [];
  const message = `embedding: expected ${dims} numbers, as the other items have, got none; give this item an embedding too`;
  return [userError('INVALID', message, 'items', position, 'embedding')];
}

function textsAlone(position: number): UserErrorRecord {
  const message =
    'embedding: expected none, since the other items have texts alone, whose vectors are not comparable with it, got one; ' +
    'leave it out, or first give all other items an embedding (updateItems, or an import)';
  return userError('INVALID', message, 'items', position, 'embedding');
}
