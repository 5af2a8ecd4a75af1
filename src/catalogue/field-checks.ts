/** What can be wrong with single fields of items; the same error wherever a caller gives them. */
import { userError } from '../../graphql/common/errors';
import { MAX_ATTRIBUTES_BYTES } from '../../graphql/common/limits';
import type { UserErrorRecord } from '../../graphql/common/records';
import { embeddingFault } from '../../models/text/sentence-encoder';

/** @param position - Of the item in `items`. */
export function textErrors(field: 'externalId' | 'title', text: string | null, position: number): UserErrorRecord[] {
  if (text !== null && text.trim() !== '') return [];
  return [userError('INVALID', `${field}: expected text, got none`, 'items', position, field)];
}

/** @param position - Of the item in `items`. */
export function attributesErrors(attributes: unknown, position: number): UserErrorRecord[] {
  const bytes = Buffer.byteLength(JSON.stringify(attributes ?? null));
  if (bytes <= MAX_ATTRIBUTES_BYTES) return [];
  const message = `attributes: expected at most ${MAX_ATTRIBUTES_BYTES} bytes of JSON, got ${bytes}`;
  return [userError('OUT_OF_RANGE', message, 'items', position, 'attributes')];
}

/**
 * @param dims - The width that the vectors of all items have.
 * @param position - Of the item in `items`.
 */
export function embeddingErrors(embedding: readonly number[], dims: number, position: number): UserErrorRecord[] {
  const error = (expected: string, got: string | number) => [
    userError('INVALID', `embedding: expected ${expected}, got ${got}`, 'items', position, 'embedding'),
  ];
  if (embedding.length !== dims || dims === 0) return error(`${dims || 'some'} numbers`, embedding.length);
  const fault = embeddingFault(embedding);
  return fault ? error(fault.expected, fault.got) : [];
}
