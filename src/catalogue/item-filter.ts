/** The API's item filter as a condition for Prisma. */
import type { ItemFilterArgs } from '../../graphql/item/records';
import type { Prisma } from '../../prisma/generated/sqlite/client';
import { type ActiveTokenizer, mayBeginWith } from '../semantic-ids/active-tokenizer';
import { keysUnder } from '../storage/code-keys';
import { columnConditions } from '../storage/item-columns';

const NOTHING: Prisma.ItemWhereInput = { id: { in: [] } };

/** The live items that pass. */
export function liveItemsWhere(
  filter: ItemFilterArgs | null,
  tokenizer: ActiveTokenizer | null,
): Prisma.ItemWhereInput {
  if (filter === null) return { removedAt: null };
  const conditions = columnConditions(filter);
  if (filter.semanticIdPrefix?.length) conditions.push(underPrefix(filter.semanticIdPrefix, tokenizer));
  return { removedAt: null, AND: conditions };
}

/** The items whose semantic ID begins with these codes; none when there is no such prefix. */
export function underPrefix(codes: readonly number[], tokenizer: ActiveTokenizer | null): Prisma.ItemWhereInput {
  if (!mayBeginWith(tokenizer, codes)) return NOTHING;
  const range = keysUnder(codes, tokenizer.idLength);
  return { semanticIds: { some: { tokenizerId: tokenizer.id, codesKey: { ...range } } } };
}
