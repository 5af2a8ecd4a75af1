/** The API's item filter as a condition for Prisma, so that no caller's text ever becomes SQL. */
import type { ItemFilterArgs } from '../../graphql/item/records';
import type { Prisma } from '../../prisma/generated/sqlite/client';
import { type ActiveTokenizer, mayBeginWith } from '../semantic-ids/active-tokenizer';
import { keysUnder } from '../storage/code-keys';
import { searchText } from '../storage/item-columns';

const NOTHING: Prisma.ItemWhereInput = { id: { in: [] } };

/** The live items that pass. A field that is absent or null asks for nothing; no item passes an empty list. */
export function liveItemsWhere(
  filter: ItemFilterArgs | null,
  tokenizer: ActiveTokenizer | null,
): Prisma.ItemWhereInput {
  if (filter === null) return { removedAt: null };
  const { categories, brands, minPrice, maxPrice, titleContains, externalIds, excludeExternalIds, addedAfter } = filter;
  const conditions: Prisma.ItemWhereInput[] = [];
  if (categories) conditions.push({ categoryRows: { some: { name: { in: [...categories] } } } });
  if (brands) conditions.push({ brand: { in: [...brands] } });
  if (typeof minPrice === 'number') conditions.push({ price: { gte: minPrice } });
  if (typeof maxPrice === 'number') conditions.push({ price: { lte: maxPrice } });
  if (titleContains) conditions.push({ searchTitle: { contains: searchText(titleContains) } });
  if (externalIds) conditions.push({ externalId: { in: [...externalIds] } });
  if (excludeExternalIds) conditions.push({ externalId: { notIn: [...excludeExternalIds] } });
  if (addedAfter) conditions.push({ addedAt: { gt: addedAfter } });
  if (filter.semanticIdPrefix?.length) conditions.push(underPrefix(filter.semanticIdPrefix, tokenizer));
  return { removedAt: null, AND: conditions };
}

/** The items whose semantic ID begins with these codes; none when there is no such prefix. */
export function underPrefix(codes: readonly number[], tokenizer: ActiveTokenizer | null): Prisma.ItemWhereInput {
  if (!mayBeginWith(tokenizer, codes)) return NOTHING;
  const range = keysUnder(codes, tokenizer.idLength);
  return { semanticIds: { some: { tokenizerId: tokenizer.id, codesKey: { ...range } } } };
}
