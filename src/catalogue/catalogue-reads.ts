/** Reads of items, users, interactions and changes, beside those of prefixes. */
import type { CatalogueChangeRecord } from '../../graphql/catalogue/records';
import type { NamedRow, Page, PageArgs, TwoWayPageArgs } from '../../graphql/common/records';
import { isStorableText } from '../../graphql/common/storable-text';
import type { InteractionRecord } from '../../graphql/interaction/records';
import type {
  FacetValueRecord,
  ItemFacet,
  ItemFilterArgs,
  ItemListArgs,
  ItemRecord,
  ItemSelectionArgs,
} from '../../graphql/item/records';
import type { UserRecord } from '../../graphql/user/records';
import type { Prisma } from '../../prisma/generated/sqlite/client';
import { PrefixReads } from '../semantic-ids/prefix-reads';
import { readByKeys, readInWindows } from '../storage/bulk-reads';
import type { LogEntry } from '../storage/change-log';
import { currentVersion, VersionedReads } from '../storage/change-log-reads';
import { decodeCursor, idCursorsOf, newestFirst, pageOf, twoWayPageOf } from '../storage/cursor-pages';
import type { Database } from '../storage/database';
import { ITEM_SELECT, itemRecord } from '../storage/item-columns';
import { countItems, itemOrdering, readFacet, readSortedItems } from '../storage/item-lists';
import { lastItemId } from '../storage/last-ids';
import { interactionRecord, userRecord } from '../storage/records';
import type { RequestReads } from '../storage/request-reads';
import { readUsersWith } from '../storage/sql-reads';
import { itemSelection } from './item-lists';

/** A subscriber that comes back holds so many of the missed changes at a time. */
const CHANGES_PER_PAGE = 250;
/** The newest views of a user that are looked at for those that differ. */
const MAX_VIEWS = 500;

const USER_CURSORS = idCursorsOf('users');
const INTERACTION_CURSORS = idCursorsOf('interactionsWith');

export class CatalogueReads extends PrefixReads {
  private readonly versioned: VersionedReads;

  constructor(
    private readonly database: Pick<Database, 'provider' | 'read'>,
    private readonly requestReads: RequestReads,
  ) {
    super(database.read);
    this.versioned = new VersionedReads(this.client);
  }

  /** @returns The item, even when it is removed: a history still names it. */
  async item(externalId: string): Promise<ItemRecord | null> {
    const row = await this.client.item.findUnique({ where: { externalId }, select: ITEM_SELECT });
    return row && itemRecord(row);
  }

  async items(page: TwoWayPageArgs, filter: ItemFilterArgs | null, list: ItemListArgs = {}): Promise<Page<ItemRecord>> {
    const selection = await itemSelection(this.database, filter, list);
    const ordering = itemOrdering(list.orderBy, selection.search);
    const found = await readSortedItems(this.client, selection, ordering, page);
    const items = await this.requestReads.items(found.map(({ id }) => id));
    const byId = new Map(items.map((item) => [item.id, item]));
    // An item may be gone since it was found.
    const rows = found.flatMap((row) => {
      const item = byId.get(row.id);
      return item ? [{ ...row, item }] : [];
    });
    return twoWayPageOf(rows, page, ordering.cursors, ({ item }) => item);
  }

  /** Window by window, because no index serves most filters. @throws The signal's reason when it is aborted between two. */
  async itemCount(filter: ItemFilterArgs | null, items: ItemSelectionArgs = {}, signal?: AbortSignal): Promise<number> {
    const selection = await itemSelection(this.database, filter, items);
    if (filter === null || selection.search !== null) return countItems(this.client, selection);
    const counts = await readInWindows(await lastItemId(this.client), async (ids) => {
      signal?.throwIfAborted();
      return countItems(this.client, selection, ids);
    });
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** The values that most items of the list have, as if the filter had no condition on them. */
  async itemFacet(
    facet: ItemFacet,
    first: number,
    filter: ItemFilterArgs | null,
    items: ItemSelectionArgs = {},
  ): Promise<FacetValueRecord[]> {
    const others = filter && { ...filter, [facet]: null };
    const minute = Math.floor(Date.now() / 60_000); // what can be bought changes with time
    return this.versioned.of(JSON.stringify([facet, first, others, items, minute]), async () =>
      readFacet(this.client, facet, await itemSelection(this.database, others, items), first),
    );
  }

  /** The newest record comes first. */
  async interactionsWith(itemId: number, page: PageArgs): Promise<Page<InteractionRecord>> {
    const { where, ...order } = newestFirst(page, INTERACTION_CURSORS);
    const rows = await this.client.interaction.findMany({ ...order, where: { ...where, itemId } });
    return pageOf(rows, page.first, INTERACTION_CURSORS, interactionRecord);
  }

  /** @returns Those that there are, removed items too. */
  namedRows(
    type: 'Item' | 'User',
    names: { readonly ids: readonly number[] } | { readonly externalIds: readonly string[] },
  ): Promise<NamedRow[]> {
    const select = { id: true, externalId: true } as const;
    const read = (where: { id: { in: number[] } } | { externalId: { in: string[] } }) =>
      type === 'Item' ? this.client.item.findMany({ where, select }) : this.client.user.findMany({ where, select });
    if ('ids' in names) return readByKeys([...new Set(names.ids)], (some) => read({ id: { in: some } }));
    // Nothing has an ID that no database can keep, and PostgreSQL refuses a query with one.
    const storable = [...new Set(names.externalIds)].filter(isStorableText);
    return readByKeys(storable, (some) => read({ externalId: { in: some } }));
  }

  user(externalId: string): Promise<UserRecord | null> {
    return this.requestReads.user(externalId);
  }

  /** Oldest first. */
  async users({ first, after }: PageArgs, externalIdContains?: string | null): Promise<Page<UserRecord>> {
    const begin = after === null ? 0 : decodeCursor(after, USER_CURSORS);
    const rows = externalIdContains
      ? await readUsersWith(this.client, externalIdContains, begin, first + 1)
      : await this.client.user.findMany({ where: { id: { gt: begin } }, orderBy: { id: 'asc' }, take: first + 1 });
    return pageOf(rows, first, USER_CURSORS, userRecord);
  }

  async recentlyViewed(userId: number, first: number): Promise<ItemRecord[]> {
    const rows = await this.client.interaction.findMany({
      where: { userId, kind: 'VIEW' },
      select: { itemId: true },
      orderBy: [{ occurredAt: 'desc' }, { id: 'desc' }],
      take: MAX_VIEWS,
    });
    const itemIds = [...new Set(rows.map(({ itemId }) => itemId))];
    const items = new Map((await this.requestReads.items(itemIds)).map((item) => [item.id, item]));
    const found = itemIds.flatMap((itemId) => items.get(itemId) ?? []);
    return found.filter(({ removedAt }) => removedAt === null).slice(0, first);
  }

  /** The items that can be recommended. */
  liveItemCount(): Promise<number> {
    return this.versioned.of('items', () => this.itemCount(null));
  }

  userCount(): Promise<number> {
    return this.client.user.count();
  }

  /** Adds up the counts of the items, which an index has. */
  async interactionCount(): Promise<number> {
    const { _sum } = await this.client.item.aggregate({ _sum: { interactionCount: true } });
    return _sum.interactionCount ?? 0;
  }

  /** The last changes, newest first. */
  recentChanges(first: number): Promise<CatalogueChangeRecord[]> {
    return this.changes({ orderBy: { version: 'desc' }, take: first });
  }

  /** The next ones, oldest first. */
  changesAfter(version: number): Promise<CatalogueChangeRecord[]> {
    return this.changes({ where: { version: { gt: version } }, orderBy: { version: 'asc' }, take: CHANGES_PER_PAGE });
  }

  private async changes(query: Prisma.CatalogueLogFindManyArgs): Promise<CatalogueChangeRecord[]> {
    const rows = await this.client.catalogueLog.findMany(query);
    // Apart: together with the rows, Prisma would count the items of the whole log.
    const counts = await this.client.catalogueLogItem.groupBy({
      by: ['version'],
      where: { version: { in: rows.map(({ version }) => version) } },
      _count: { _all: true },
    });
    const itemCounts = new Map(counts.map(({ version, _count }) => [version, _count._all]));
    return rows.map(({ version, kind, createdAt, payload }) => ({
      version,
      kind: kind as CatalogueChangeRecord['kind'],
      itemCount: itemCounts.get(version) ?? 0,
      changedAt: createdAt,
      undoes: (payload as Pick<LogEntry, 'undoes'>).undoes,
    }));
  }

  /** The categories of live items, the most frequent first. */
  async frequentCategories(first: number): Promise<string[]> {
    return (await this.itemFacet('categories', first, null)).map(({ value }) => value);
  }

  version(): Promise<number> {
    return currentVersion(this.client);
  }
}
