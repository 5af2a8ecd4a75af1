/** The API's item filter as a condition of Prisma's, so that no text of a caller ever becomes SQL. */
import type { ItemFilterArgs } from '../../graphql/item/records';
import type { Prisma } from '../../prisma/generated/sqlite/client';
import type { LiveTokenizer } from '../semantic-ids/live-tokenizer';
import { isCode, keysUnder } from '../storage/code-keys';

const NOTHING: Prisma.ItemWhereInput = { id: { in: [] } };

/** What `contains` takes for wildcards, and look-alikes that it does not. */
const WILDCARDS: Readonly<Record<string, string>> = { '%': '％', _: '＿', '\\': '＼' };

/** A title, or what is looked for in titles, so that equal means found: blind to case, and free of wildcards. */
export function searchText(text: string): string {
  return text.toLowerCase().replace(/[%_\\]/g, (wildcard) => WILDCARDS[wildcard]);
}

/** Live items that pass; an absent or null field asks for nothing, an empty list is passed by no item. */
export function liveItemsWhere(filter: ItemFilterArgs | null, tokenizer: LiveTokenizer | null): Prisma.ItemWhereInput {
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

/** Items whose semantic ID begins with these codes; none, when there is no such prefix. */
export function underPrefix(codes: readonly number[], tokenizer: LiveTokenizer | null): Prisma.ItemWhereInput {
  if (tokenizer === null || codes.length > tokenizer.depth || !codes.every(isCode)) return NOTHING;
  const range = keysUnder(codes, tokenizer.depth);
  return { semanticIds: { some: { tokenizerId: tokenizer.id, codesKey: { ...range } } } };
}
