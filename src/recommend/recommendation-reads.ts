/** Database reads of the recommender that are not made for every request: which items pass a filter, which ids exist. */
import type { ItemFilterArgs } from '../../graphql/common/records';
import type { Prisma, PrismaClient } from '../../prisma/generated/sqlite/client';
import { liveItemsWhere } from '../catalogue/item-filter';
import { findLiveTokenizer } from '../semantic-ids/live-tokenizer';
import { lastItemId, readInWindows } from '../storage/paging';

export class RecommendationReads {
  constructor(private readonly client: PrismaClient) {}

  /**
   * @param among - Only these items are looked at; absent: all.
   * @returns Ids of the live items that pass, ascending.
   */
  async matchingItemIds(filter: ItemFilterArgs, among?: readonly number[]): Promise<Int32Array> {
    const tokenizer = filter.semanticIdPrefix ? await findLiveTokenizer(this.client) : null;
    const where = liveItemsWhere(filter, tokenizer);
    const find = (id: Prisma.IntFilter) =>
      this.client.item.findMany({ where: { AND: [where, { id }] }, select: { id: true }, orderBy: { id: 'asc' } });
    const rows = among ? await find({ in: [...among] }) : await readInWindows(await lastItemId(this.client), find);
    return Int32Array.from(rows, ({ id }) => id);
  }

  /** @returns External id → id, for the items that exist, removed ones included. */
  async itemIdsOf(externalIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.client.item.findMany({
      where: { externalId: { in: [...externalIds] } },
      select: { id: true, externalId: true },
    });
    return new Map(rows.map((row) => [row.externalId, row.id]));
  }
}
