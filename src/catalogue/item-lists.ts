/** Which items a list has. */
import type { ItemFilterArgs, ItemSelectionArgs } from '../../graphql/item/records';
import { Prisma } from '../../prisma/generated/sqlite/client';
import { type ActiveTokenizer, findActiveTokenizer, mayBeginWith } from '../semantic-ids/active-tokenizer';
import { keysUnder } from '../storage/code-keys';
import type { Database } from '../storage/database';
import { columnConditions } from '../storage/item-columns';
import type { ItemSelection } from '../storage/item-lists';
import { itemSearch } from '../storage/item-search';
import type { Transaction } from '../storage/transaction';

/** The items of a list: live ones, or those that were removed. */
export async function itemSelection(
  { read, provider }: Pick<Database, 'read' | 'provider'>,
  filter: ItemFilterArgs | null,
  { search, removed }: ItemSelectionArgs,
): Promise<ItemSelection> {
  const isListed = removed ? Prisma.sql`"removedAt" IS NOT NULL` : Prisma.sql`"removedAt" IS NULL`;
  return {
    conditions: [isListed, ...(await filterConditions(read, filter))],
    search: typeof search === 'string' ? itemSearch(provider, search) : null,
  };
}

/** A filter of a list: an item must pass all of `and` too, and none of `none`. */
export interface ListFilter extends ItemFilterArgs {
  readonly and?: readonly ItemFilterArgs[];
  readonly none?: readonly ItemFilterArgs[];
}

/** The live items that pass. */
export async function liveItems(client: Transaction, filter: ListFilter): Promise<ItemSelection> {
  const conditions = [Prisma.sql`"removedAt" IS NULL`];
  for (const each of [filter, ...(filter.and ?? [])]) conditions.push(...(await filterConditions(client, each)));
  for (const each of filter.none ?? []) conditions.push(not(await filterConditions(client, each)));
  return { conditions, search: null };
}

/** Whether an item does not meet all of the conditions; of one without a brand it is unknown whether it has some brand. */
function not(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  if (conditions.length === 0) return Prisma.sql`FALSE`;
  return Prisma.sql`(${Prisma.join(conditions, ' AND ')}) IS NOT TRUE`;
}

async function filterConditions(client: Transaction, filter: ItemFilterArgs | null): Promise<Prisma.Sql[]> {
  if (filter === null) return [];
  const conditions = columnConditions(filter);
  if (filter.semanticIdPrefix?.length) {
    conditions.push(isUnder(filter.semanticIdPrefix, await findActiveTokenizer(client)));
  }
  return conditions;
}

/** Whether an item's semantic ID begins with these codes; no item's when there is no such prefix. */
function isUnder(codes: readonly number[], tokenizer: ActiveTokenizer | null): Prisma.Sql {
  if (!mayBeginWith(tokenizer, codes)) return Prisma.sql`FALSE`;
  const { gte, lte } = keysUnder(codes, tokenizer.idLength);
  return Prisma.sql`"Item"."id" IN (
    SELECT "itemId" FROM "SemanticId" WHERE "tokenizerId" = ${tokenizer.id} AND "codesKey" >= ${gte} AND "codesKey" <= ${lte}
  )`;
}
