/** What can be wrong with single fields of items; the same error wherever a caller gives them. */
import type { UserErrorRecord } from '../../graphql/common/records';
import { userError } from '../../graphql/common/user-errors';

/** @param position - Of the item in `items`. */
export function textErrors(field: 'externalId' | 'title', text: string | null, position: number): UserErrorRecord[] {
  if (text !== null && text.trim() !== '') return [];
  return [userError('INVALID', `${field}: expected text, got none`, 'items', position, field)];
}

/** @param position - Of the item in `items`. */
export function priceErrors(price: number | null | undefined, position: number): UserErrorRecord[] {
  if (price === null || price === undefined || (price >= 0 && price < Infinity)) return [];
  return [userError('OUT_OF_RANGE', `price: expected 0 or more, got ${price}`, 'items', position, 'price')];
}
