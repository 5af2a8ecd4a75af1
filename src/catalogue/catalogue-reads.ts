/** What the catalogue answers about items and users. */
import type { CatalogueSummary } from '../../graphql/catalogue/records';
import type { Page, PageArgs } from '../../graphql/common/records';
import type { ItemFilterArgs, ItemRecord } from '../../graphql/item/records';
import type { UserRecord } from '../../graphql/user/records';
import type { PrismaClient } from '../../prisma/generated/sqlite/client';
import { findLiveTokenizer } from '../semantic-ids/live-tokenizer';
import { currentVersion } from '../storage/change-log';
import { ITEM_SELECT, itemRecord } from '../storage/item-columns';
import { decodeCursor, ID_CURSOR, pageOf } from '../storage/pages';
import { userRecord } from '../storage/records';
import type { RequestReads } from '../storage/request-reads';
import { liveItemsWhere } from './item-filter';

export class CatalogueReads {
  constructor(
    private readonly client: PrismaClient,
    private readonly requestReads: RequestReads,
  ) {}

  /** @returns The item, even when it is removed: a history still names it. */
  async item(externalId: string): Promise<ItemRecord | null> {
    const row = await this.client.item.findUnique({ where: { externalId }, select: ITEM_SELECT });
    return row && itemRecord(row);
  }

  /** @returns Live items, oldest first. */
  async items({ first, after }: PageArgs, filter: ItemFilterArgs | null): Promise<Page<ItemRecord>> {
    const tokenizer = filter?.semanticIdPrefix ? await findLiveTokenizer(this.client) : null;
    const rows = await this.client.item.findMany({
      where: { AND: [liveItemsWhere(filter, tokenizer), idsAfter(after)] },
      select: ITEM_SELECT,
      orderBy: { id: 'asc' },
      take: first + 1,
    });
    return pageOf(rows, first, (row) => row.id, itemRecord);
  }

  user(externalId: string): Promise<UserRecord | null> {
    return this.requestReads.user(externalId);
  }

  async users({ first, after }: PageArgs): Promise<Page<UserRecord>> {
    const rows = await this.client.user.findMany({ where: idsAfter(after), orderBy: { id: 'asc' }, take: first + 1 });
    return pageOf(rows, first, (row) => row.id, userRecord);
  }

  async summary(): Promise<CatalogueSummary> {
    const tokenizer = await findLiveTokenizer(this.client);
    const root = tokenizer && { tokenizerId: tokenizer.id, level: 0, prefixKey: '' };
    const [version, itemCount, userCount, interactionCount, rootRow] = await Promise.all([
      this.version(),
      this.client.item.count({ where: { removedAt: null } }),
      this.client.user.count(),
      this.client.interaction.count(),
      root && this.client.semanticIdPrefix.findUnique({ where: { tokenizerId_level_prefixKey: root } }),
    ]);
    return { version, itemCount, tokenizedItemCount: rootRow?.itemCount ?? 0, userCount, interactionCount };
  }

  version(): Promise<number> {
    return currentVersion(this.client);
  }
}

function idsAfter(after: string | null): { id?: { gt: number } } {
  return after === null ? {} : { id: { gt: decodeCursor(after, ID_CURSOR) } };
}
