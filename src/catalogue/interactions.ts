/** `recordInteractions`: events of users with items, each once. */
import type { UserErrorRecord } from '../../graphql/common/records';
import { batchErrors, userError } from '../../graphql/common/user-errors';
import type { NewInteractionArgs } from '../../graphql/interaction/records';
import type { UserRecord } from '../../graphql/user/records';
import type { User } from '../../prisma/generated/sqlite/client';
import { insertRows } from '../storage/bulk-rows';
import type { Transaction } from '../storage/database';
import { userRecord } from '../storage/records';
import type { CatalogueServices } from './catalogue-services';

export interface RecordedInteractions {
  /** Events that were not recorded before. */
  readonly recorded: number;
  /** The users of the call, in the order of their first event in it. */
  readonly users: readonly UserRecord[];
  readonly userErrors: readonly UserErrorRecord[];
}

/**
 * Records 1 to 1,000 events; one wrong event refuses all. Users are made on first sight. An event whose `eventId` is
 * known is passed over, so that a call can be repeated. A removed item's late events count still.
 */
export async function recordInteractions(
  { database, onInteractions }: CatalogueServices,
  interactions: readonly NewInteractionArgs[],
): Promise<RecordedInteractions> {
  const batch = batchErrors('interactions', interactions.length);
  if (batch.length > 0) return { recorded: 0, users: [], userErrors: batch };
  const itemIds = await itemIdsOf(database.read, interactions);
  const userErrors = interactionErrors(interactions, itemIds);
  if (userErrors.length > 0) return { recorded: 0, users: [], userErrors };
  const { fresh, users } = await database.write(async (transaction) => {
    const { users } = await findOrCreateUsers(transaction, interactions);
    const fresh = await freshEvents(transaction, interactions);
    const rows = fresh.map(({ eventId, userExternalId, itemExternalId, kind, occurredAt }) => ({
      eventId: eventId ?? null,
      userId: users.get(userExternalId)!.id,
      itemId: itemIds.get(itemExternalId)!,
      kind,
      occurredAt: occurredAt ?? new Date(),
    }));
    await insertRows(transaction, 'Interaction', rows);
    await countInteractions(
      transaction,
      fresh.map(({ itemExternalId }) => itemIds.get(itemExternalId)!),
    );
    return { fresh, users };
  });
  await onInteractions(fresh.map(({ itemExternalId }) => itemIds.get(itemExternalId)!));
  return { recorded: fresh.length, users: [...users.values()].map(userRecord), userErrors: [] };
}

async function itemIdsOf(
  client: Transaction,
  interactions: readonly NewInteractionArgs[],
): Promise<Map<string, number>> {
  const externalIds = [...new Set(interactions.map(({ itemExternalId }) => itemExternalId))];
  const rows = await client.item.findMany({
    where: { externalId: { in: externalIds } },
    select: { id: true, externalId: true },
  });
  return new Map(rows.map((row) => [row.externalId, row.id]));
}

function interactionErrors(
  interactions: readonly NewInteractionArgs[],
  itemIds: ReadonlyMap<string, number>,
): UserErrorRecord[] {
  return interactions.flatMap(({ userExternalId, itemExternalId, occurredAt }, position) => {
    const errors: UserErrorRecord[] = [];
    const add = (code: 'NOT_FOUND' | 'INVALID', field: string, expectation: string, got: string) =>
      errors.push(userError(code, `${field}: expected ${expectation}, got ${got}`, 'interactions', position, field));
    if (!itemIds.has(itemExternalId)) add('NOT_FOUND', 'itemExternalId', 'an item of the catalogue', itemExternalId);
    if (userExternalId.trim() === '') add('INVALID', 'userExternalId', 'text', 'none');
    if (occurredAt && Number.isNaN(occurredAt.getTime())) add('INVALID', 'occurredAt', 'a date', 'none');
    return errors;
  });
}

/** @returns External ID → row, in the order of first sight, and how many had to be made. */
export async function findOrCreateUsers(
  transaction: Transaction,
  interactions: readonly Pick<NewInteractionArgs, 'userExternalId'>[],
): Promise<{ users: Map<string, User>; created: number }> {
  const externalIds = [...new Set(interactions.map(({ userExternalId }) => userExternalId))];
  const where = { externalId: { in: externalIds } };
  const known = new Set((await transaction.user.findMany({ where })).map(({ externalId }) => externalId));
  const missing = externalIds.filter((externalId) => !known.has(externalId));
  await insertRows(
    transaction,
    'User',
    missing.map((externalId) => ({ externalId })),
  );
  const byExternalId = new Map((await transaction.user.findMany({ where })).map((user) => [user.externalId, user]));
  const users = new Map(externalIds.map((externalId) => [externalId, byExternalId.get(externalId)!]));
  return { users, created: missing.length };
}

/** @returns The events that are neither stored nor earlier in the call. */
export async function freshEvents<T extends Pick<NewInteractionArgs, 'eventId'>>(
  transaction: Transaction,
  interactions: readonly T[],
): Promise<T[]> {
  const eventIds = interactions.flatMap(({ eventId }) => eventId ?? []);
  const rows = await transaction.interaction.findMany({
    where: { eventId: { in: eventIds } },
    select: { eventId: true },
  });
  const seen = new Set(rows.map(({ eventId }) => eventId));
  return interactions.filter(({ eventId }) => {
    if (eventId === null || eventId === undefined) return true;
    const isFresh = !seen.has(eventId);
    seen.add(eventId);
    return isFresh;
  });
}

/** Adds to the items' counts; items with equally many new events share a statement. */
export async function countInteractions(transaction: Transaction, itemIds: readonly number[]): Promise<void> {
  const counts = new Map<number, number>();
  for (const itemId of itemIds) counts.set(itemId, (counts.get(itemId) ?? 0) + 1);
  for (const count of new Set(counts.values())) {
    const ids = [...counts.keys()].filter((itemId) => counts.get(itemId) === count);
    await transaction.item.updateMany({ where: { id: { in: ids } }, data: { interactionCount: { increment: count } } });
  }
}
