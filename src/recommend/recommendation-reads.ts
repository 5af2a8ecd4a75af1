/** Database reads of the recommender that are not made for every request: which items pass a filter, which ids exist. */
import type { ItemFilterArgs } from '../../graphql/item/records';
import type { Prisma, PrismaClient } from '../../prisma/generated/sqlite/client';
import { liveItemsWhere } from '../catalogue/item-filter';
import { findActiveTokenizer } from '../semantic-ids/active-tokenizer';
import { readInWindows } from '../storage/bulk-reads';
import { itemIdsOf } from '../storage/item-rows';
import { lastItemId } from '../storage/last-ids';

export class RecommendationReads {
  constructor(private readonly client: PrismaClient) {}

  /**
   * @param among - Only these items are looked at; absent: all.
   * @param beforeEach - Called before each query; what it throws ends the search.
   * @returns Ids of the live items that pass, ascending.
   */
  async matchingItemIds(
    filter: ItemFilterArgs,
    among?: readonly number[],
    beforeEach: () => void = () => undefined,
  ): Promise<Int32Array> {
    const tokenizer = filter.semanticIdPrefix ? await findActiveTokenizer(this.client) : null;
    const where = liveItemsWhere(filter, tokenizer);
    const find = async (id: Prisma.IntFilter) => {
      beforeEach();
      return this.client.item.findMany({
        where: { AND: [where, { id }] },
        select: { id: true },
        orderBy: { id: 'asc' },
      });
    };
    const rows = among ? await find({ in: [...among] }) : await readInWindows(await lastItemId(this.client), find);
    return Int32Array.from(rows, ({ id }) => id);
  }

  /** @returns External id → id, for the items that exist, removed ones included. */
  itemIdsOf(externalIds: readonly string[]): Promise<Map<string, number>> {
    return itemIdsOf(this.client, externalIds);
  }
}
