/** What the recommender asks of the database: histories, who qualifies, and the semantic IDs for the trie. */
import { setImmediate } from 'node:timers/promises';

import type { ItemFilterArgs } from '../graphql/context';
import type { PrismaClient } from '../prisma/generated/sqlite/client';
import { codesOfKey } from './code-keys';
import { liveItemsWhere } from './item-filter';
import { findLiveTokenizer } from './live-tokenizer';
import { readInPages } from './paged-queries';
import type { CodeTable } from './workers/messages';

/** A code table, and beside each row 1 for a live item, 0 for a removed one. */
export interface LiveCodeTable extends CodeTable {
  readonly live: Uint8Array;
}

/** The SQLite driver holds the event loop for a whole query, and a table may have a million rows. */
const ROWS_A_QUERY = 2_000;

export class RecommendationReads {
  constructor(private readonly client: PrismaClient) {}

  /**
   * @param among - Only of these items; absent: of all.
   * @returns Ids of the live items that pass, ascending.
   */
  async matchingItemIds(filter: ItemFilterArgs, among?: readonly number[]): Promise<Int32Array> {
    const tokenizer = filter.semanticIdPrefix ? await findLiveTokenizer(this.client) : null;
    const where = { AND: [liveItemsWhere(filter, tokenizer), among ? { id: { in: [...among] } } : {}] };
    const rows = await readInPages(
      0,
      (after, take) =>
        this.client.item.findMany({
          where: { ...where, id: { gt: after } },
          select: { id: true },
          orderBy: { id: 'asc' },
          take,
        }),
      ({ id }) => id,
    );
    return Int32Array.from(rows, ({ id }) => id);
  }

  /** @returns Of each user, the ids of the last `max` items, oldest first; nothing for a user without any. */
  async histories(userIds: readonly number[], max: number): Promise<Map<number, number[]>> {
    const rows = await this.client.user.findMany({
      where: { id: { in: [...userIds] } },
      select: {
        id: true,
        interactions: { select: { itemId: true }, orderBy: [{ occurredAt: 'desc' }, { id: 'desc' }], take: max },
      },
    });
    return new Map(rows.map((row) => [row.id, row.interactions.map(({ itemId }) => itemId).reverse()]));
  }

  /** @returns Of each user, every item that the user has interacted with. */
  async seenItems(userIds: readonly number[]): Promise<Map<number, Set<number>>> {
    const rows = await this.client.interaction.findMany({
      where: { userId: { in: [...userIds] } },
      distinct: ['userId', 'itemId'],
      select: { userId: true, itemId: true },
    });
    const seen = new Map(userIds.map((userId) => [userId, new Set<number>()]));
    for (const row of rows) seen.get(row.userId)?.add(row.itemId);
    return seen;
  }

  /** @returns External id → id, of the items that exist, removed ones too. */
  async itemIdsOf(externalIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.client.item.findMany({
      where: { externalId: { in: [...externalIds] } },
      select: { id: true, externalId: true },
    });
    return new Map(rows.map((row) => [row.externalId, row.id]));
  }

  /** @returns User id → external id, of the users that exist. */
  async userKeys(userIds: readonly number[]): Promise<Map<number, string>> {
    const rows = await this.client.user.findMany({ where: { id: { in: [...userIds] } } });
    return new Map(rows.map((row) => [row.id, row.externalId]));
  }

  /** @returns Every semantic ID under the tokenizer, removed items' too, by ascending row id. */
  async codeTable(tokenizerId: number): Promise<LiveCodeTable> {
    const rows: { itemId: number; codes: number[]; live: boolean }[] = [];
    for (let after = 0; ;) {
      const page = await this.client.semanticId.findMany({
        where: { tokenizerId, id: { gt: after } },
        select: { id: true, itemId: true, codesKey: true, item: { select: { removedAt: true } } },
        orderBy: { id: 'asc' },
        take: ROWS_A_QUERY,
      });
      for (const { itemId, codesKey, item } of page) {
        rows.push({ itemId, codes: codesOfKey(codesKey), live: item.removedAt === null });
      }
      if (page.length < ROWS_A_QUERY) break;
      await setImmediate();
      after = page[page.length - 1].id;
    }
    return {
      depth: rows[0]?.codes.length ?? 0,
      itemIds: Int32Array.from(rows, (row) => row.itemId),
      codes: Int32Array.from(rows.flatMap((row) => row.codes)),
      live: Uint8Array.from(rows, (row) => Number(row.live)),
    };
  }
}
