/** Feedback on lists: recorded by list id, read as figures of placements; and items that users have dismissed. */
import { z } from 'zod';

import { userError } from '../../graphql/common/errors';
import type { Page, PageArgs } from '../../graphql/common/records';
import type { Feedback as FeedbackPort } from '../../graphql/context';
import type { FiguresPeriod, ListRecord, NewFeedbackArgs } from '../../graphql/feedback/records';
import type { UndoDismissalsPayload } from '../../graphql/feedback/types';
import type { ItemRecord } from '../../graphql/item/records';
import type { Dismissal, Item } from '../../prisma/generated/sqlite/client';
import { cursorsOf, decodeCursor, pageOf } from '../storage/cursor-pages';
import { itemRecord } from '../storage/item-columns';
import { itemIdsOf } from '../storage/item-rows';
import { ListIds } from './list-ids';
import { type LiveItems, placementsOf } from './placement-days';
import { type FeedbackServices, recordFeedback } from './record-feedback';

type RecordOptions = Parameters<FeedbackPort['record']>[1];

interface FeedbackParts extends Pick<FeedbackServices, 'database' | 'attributionMs'> {
  readonly live: LiveItems;
  /** Called when feedback was recorded: it looks at the guard rails of experiments. */
  readonly guard?: () => Promise<void>;
}

export class Feedback implements FeedbackPort {
  private readonly database: FeedbackParts['database'];
  private readonly listIds: ListIds;

  constructor(private readonly parts: FeedbackParts) {
    this.database = parts.database;
    this.listIds = new ListIds(parts.database);
  }

  listId(list: ListRecord) {
    return this.listIds.sign(list);
  }

  async record(feedback: readonly NewFeedbackArgs[], options: RecordOptions) {
    const recorded = await recordFeedback({ ...this.parts, listIds: this.listIds }, feedback, options);
    await this.parts.guard?.();
    return recorded;
  }

  /** The newest dismissal first. Removed items are not among them. */
  async dismissedItems(userId: number, { first, after }: PageArgs): Promise<Page<ItemRecord>> {
    const rows = await this.database.read.dismissal.findMany({
      where: { userId, item: { removedAt: null }, ...(after !== null && olderThan(after)) },
      orderBy: [{ at: 'desc' }, { itemId: 'desc' }],
      take: first + 1,
      include: { item: true },
    });
    return pageOf(rows, first, DISMISSAL_CURSORS, ({ item }: Dismissal & { item: Item }) => itemRecord(item));
  }

  /** Takes back up to 1,000 dismissals. Items that were not dismissed are no mistake, so that a call can be repeated. */
  async undoDismissals(userExternalId: string, itemExternalIds: readonly string[]): Promise<UndoDismissalsPayload> {
    const { read, write } = this.database;
    const user = await read.user.findUnique({ where: { externalId: userExternalId } });
    if (user === null) return { undone: 0, userErrors: [unknownUser(userExternalId)] };
    const itemIds = [...(await itemIdsOf(read, itemExternalIds)).values()];
    const where = { userId: user.id, itemId: { in: itemIds } };
    const { count } = await write(({ dismissal }) => dismissal.deleteMany({ where }));
    return { undone: count, userErrors: [] };
  }

  placements(period: FiguresPeriod, name?: string) {
    return placementsOf(this.database.read, this.parts.live, period, name);
  }

  /** Without its row, a list counts as one that had no feedback yet. */
  async removePlacement(name: string) {
    const where = { placement: name };
    const removed = await this.database.write(async (transaction) => {
      const { experiment, list, placementDay, placementRevenue, placementState } = transaction;
      const experiments = await experiment.deleteMany({ where });
      await list.deleteMany({ where });
      await placementRevenue.deleteMany({ where });
      const figures = await placementDay.deleteMany({ where });
      const states = await placementState.deleteMany({ where: { name } });
      return experiments.count + figures.count + states.count;
    });
    return { removedName: removed > 0 ? name : null, userErrors: [] };
  }
}

/** The time in milliseconds, and the id of the item. */
const DISMISSAL_CURSORS = cursorsOf(
  'dismissedItems',
  z.tuple([z.int(), z.int32()]),
  ({ at, itemId }: Dismissal): [number, number] => [at.getTime(), itemId],
);

function olderThan(cursor: string) {
  const [time, itemId] = decodeCursor(cursor, DISMISSAL_CURSORS);
  const at = new Date(time);
  return { OR: [{ at: { lt: at } }, { at, itemId: { lt: itemId } }] };
}

function unknownUser(externalId: string) {
  return userError('NOT_FOUND', `user: expected a user with interactions, got ${externalId || 'none'}`, 'user');
}
