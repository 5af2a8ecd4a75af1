/** What the catalogue answers about items and users. */
import type { CatalogueChangeRecord, CatalogueSummary } from '../../graphql/catalogue/records';
import type { Page, PageArgs } from '../../graphql/common/records';
import type { InteractionRecord } from '../../graphql/interaction/records';
import type { ItemFilterArgs, ItemListArgs, ItemRecord } from '../../graphql/item/records';
import type { UserRecord } from '../../graphql/user/records';
import type { Prisma, PrismaClient } from '../../prisma/generated/sqlite/client';
import { findLiveTokenizer } from '../semantic-ids/live-tokenizer';
import { currentVersion } from '../storage/change-log';
import { decodeCursor, ID_CURSOR, newestFirst, pageOf } from '../storage/cursor-pages';
import { ITEM_SELECT, itemRecord } from '../storage/item-columns';
import { interactionRecord, userRecord } from '../storage/records';
import type { RequestReads } from '../storage/request-reads';
import { readFrequentCategories, readUsersWith } from '../storage/sql-reads';
import { liveItemsWhere } from './item-filter';
import { itemOrdering } from './item-order';

/** A client that has missed more reads the whole catalogue again. */
const MAX_MISSED_CHANGES = 1_000;

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

  async items(
    { first, after }: PageArgs,
    filter: ItemFilterArgs | null,
    { orderBy, removed }: ItemListArgs = {},
  ): Promise<Page<ItemRecord>> {
    const ordering = itemOrdering(orderBy);
    const rows = await this.client.item.findMany({
      where: { AND: [await this.itemsWhere(filter, removed ?? false), ordering.after(after)] },
      select: { ...ITEM_SELECT, ...ordering.select },
      orderBy: ordering.orderBy,
      take: first + 1,
    });
    return pageOf(rows, first, ordering.sortKeyOf, itemRecord);
  }

  async itemCount(filter: ItemFilterArgs | null, removed: boolean): Promise<number> {
    return this.client.item.count({ where: await this.itemsWhere(filter, removed) });
  }

  /** What was recorded last comes first. */
  async interactionsWith(itemId: number, page: PageArgs): Promise<Page<InteractionRecord>> {
    const { where, ...order } = newestFirst(page);
    const rows = await this.client.interaction.findMany({ ...order, where: { ...where, itemId } });
    return pageOf(rows, page.first, ({ id }) => id, interactionRecord);
  }

  user(externalId: string): Promise<UserRecord | null> {
    return this.requestReads.user(externalId);
  }

  /** Oldest first. */
  async users({ first, after }: PageArgs, externalIdContains?: string | null): Promise<Page<UserRecord>> {
    const begin = after === null ? 0 : decodeCursor(after, ID_CURSOR);
    const rows = externalIdContains
      ? await readUsersWith(this.client, externalIdContains, begin, first + 1)
      : await this.client.user.findMany({ where: { id: { gt: begin } }, orderBy: { id: 'asc' }, take: first + 1 });
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

  /** The last changes, newest first. */
  recentChanges(first: number): Promise<CatalogueChangeRecord[]> {
    return this.newestChanges(first, {});
  }

  /** Oldest first. */
  async changesAfter(version: number): Promise<CatalogueChangeRecord[]> {
    return (await this.newestChanges(MAX_MISSED_CHANGES, { version: { gt: version } })).reverse();
  }

  private async newestChanges(take: number, where: Prisma.CatalogueLogWhereInput): Promise<CatalogueChangeRecord[]> {
    const rows = await this.client.catalogueLog.findMany({
      where,
      orderBy: { version: 'desc' },
      take,
      include: { _count: { select: { items: true } } },
    });
    return rows.map(({ version, kind, createdAt, _count }) => ({
      version,
      kind: kind as CatalogueChangeRecord['kind'],
      itemCount: _count.items,
      changedAt: createdAt,
    }));
  }

  /** Of live items, the most frequent first. */
  frequentCategories(first: number): Promise<string[]> {
    return readFrequentCategories(this.client, first);
  }

  version(): Promise<number> {
    return currentVersion(this.client);
  }

  private async itemsWhere(filter: ItemFilterArgs | null, removed: boolean): Promise<Prisma.ItemWhereInput> {
    const tokenizer = filter?.semanticIdPrefix ? await findLiveTokenizer(this.client) : null;
    const where = liveItemsWhere(filter, tokenizer);
    return removed ? { ...where, removedAt: { not: null } } : where;
  }
}
