/** `recordInteractions`: records events of users with items, each event once. */
import { hasCome } from '../../graphql/common/bounds';
import { batchErrors, positionOf, userError, withKnown } from '../../graphql/common/errors';
import type { UserErrorRecord } from '../../graphql/common/records';
import type { NewInteractionArgs } from '../../graphql/interaction/records';
import type { UserRecord } from '../../graphql/user/records';
import type { User } from '../../prisma/generated/sqlite/client';
import { insertRows } from '../storage/bulk-rows';
import { countingInteractions } from '../storage/item-counts';
import { itemIdsOf } from '../storage/item-rows';
import { userRecord } from '../storage/records';
import { databaseTime, type Transaction } from '../storage/transaction';
import type { CatalogueServices } from './changes';

export interface RecordedInteractions {
  /** Events that were not recorded before. */
  readonly recorded: number;
  /** The users of the call that there are, in the order of their first event in it. */
  readonly users: readonly UserRecord[];
  readonly userErrors: readonly UserErrorRecord[];
}

/**
 * Records 1 to 1,000 events. A user is made with the first event. An event whose `eventId` is
 * known is left out, so that a call can be repeated. Late events of a removed item still count.
 *
 * @param atomic - True: one wrong event refuses all. False: only the wrong ones are refused.
 * @param known - Mistakes in single events that are known already.
 */
export async function recordInteractions(
  { database, onInteractions }: CatalogueServices,
  interactions: readonly NewInteractionArgs[],
  atomic: boolean,
  known: readonly UserErrorRecord[],
): Promise<RecordedInteractions> {
  const batch = batchErrors('interactions', interactions.length);
  if (batch.length > 0) return { recorded: 0, users: [], userErrors: batch };
  const itemIds = await itemIdsOf(
    database.read,
    interactions.map(({ itemExternalId }) => itemExternalId),
  );
  const userErrors = withKnown(known, interactionErrors(interactions, itemIds));
  const wrong = new Set(userErrors.map(positionOf));
  const good = interactions.filter((_, position) => !wrong.has(position));
  if (good.length === 0 || (atomic && wrong.size > 0)) return { recorded: 0, users: [], userErrors };
  const { recorded, users } = await database.write((transaction) => writeInteractions(transaction, good, itemIds));
  await onInteractions(recorded.map(({ itemExternalId }) => itemIds.get(itemExternalId)!));
  return { recorded: recorded.length, users: users.map(userRecord), userErrors };
}

/** The rows that `writeInteractions` wrote. */
interface WrittenInteractions<Event> {
  /** The events that were not known. */
  readonly recorded: readonly Event[];
  /** The users of the events, in the order of first sight, without those that only known events name and that do not exist. */
  readonly users: readonly User[];
  /** How many of the users were made now. */
  readonly created: number;
}

/**
 * Writes the events that are not known yet, with their users, and counts them.
 *
 * @param itemIds - External ID → id, of all items that the events name.
 */
export async function writeInteractions<Event extends NewInteractionArgs>(
  transaction: Transaction,
  interactions: readonly Event[],
  itemIds: ReadonlyMap<string, number>,
): Promise<WrittenInteractions<Event>> {
  const recorded = await unknownEvents(transaction, interactions);
  const { users, created } = await findOrCreateUsers(transaction, interactions, recorded);
  // A user's events come to several servers, and the history has them in order of time.
  const now = await databaseTime(transaction);
  const rows = recorded.map(({ eventId, userExternalId, itemExternalId, kind, occurredAt }) => ({
    eventId: eventId ?? null,
    userId: users.get(userExternalId)!.id,
    itemId: itemIds.get(itemExternalId)!,
    kind,
    occurredAt: occurredAt ?? now,
  }));
  await countingInteractions(transaction, rows, 1, () => insertRows(transaction, 'Interaction', rows));
  return { recorded, users: [...users.values()], created };
}

function interactionErrors(
  interactions: readonly NewInteractionArgs[],
  itemIds: ReadonlyMap<string, number>,
): UserErrorRecord[] {
  return interactions.flatMap(({ userExternalId, itemExternalId, occurredAt }, position) => {
    const errors: UserErrorRecord[] = [];
    const add = (code: 'NOT_FOUND' | 'INVALID' | 'OUT_OF_RANGE', field: string, expectation: string, got: string) =>
      errors.push(userError(code, `${field}: expected ${expectation}, got ${got}`, 'interactions', position, field));
    if (!itemIds.has(itemExternalId))
      add('NOT_FOUND', 'item', 'an item of the catalogue', `${itemExternalId}; upsertItems adds it`);
    if (userExternalId.trim() === '') add('INVALID', 'user', 'an external ID', 'none');
    if (occurredAt && Number.isNaN(occurredAt.getTime())) add('INVALID', 'occurredAt', 'a date', 'none');
    else if (occurredAt && !hasCome(occurredAt.getTime()))
      add('OUT_OF_RANGE', 'occurredAt', 'a time that has come', `${occurredAt.toISOString()}; ${clockNow()}`);
    return errors;
  });
}

function clockNow(): string {
  return `the clock of the server has ${new Date().toISOString()}`;
}

type OfUser = Pick<NewInteractionArgs, 'userExternalId'>;

/**
 * @param recorded - Their users are made where there are none.
 * @returns External ID → row, in the order of first sight, and how many had to be made.
 */
async function findOrCreateUsers(
  transaction: Transaction,
  interactions: readonly OfUser[],
  recorded: readonly OfUser[],
): Promise<{ users: Map<string, User>; created: number }> {
  const externalIds = externalIdsOf(interactions);
  const where = { externalId: { in: externalIds } };
  const known = new Set((await transaction.user.findMany({ where })).map(({ externalId }) => externalId));
  const missing = externalIdsOf(recorded).filter((externalId) => !known.has(externalId));
  await insertRows(
    transaction,
    'User',
    missing.map((externalId) => ({ externalId })),
  );
  const byExternalId = new Map((await transaction.user.findMany({ where })).map((user) => [user.externalId, user]));
  const inOrder = externalIds.filter((externalId) => byExternalId.has(externalId));
  const users = new Map(inOrder.map((externalId) => [externalId, byExternalId.get(externalId)!]));
  return { users, created: missing.length };
}

function externalIdsOf(interactions: readonly OfUser[]): string[] {
  return [...new Set(interactions.map(({ userExternalId }) => userExternalId))];
}

/** @returns The events that are neither stored nor earlier in the call. */
async function unknownEvents<T extends Pick<NewInteractionArgs, 'eventId'>>(
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
    const isUnknown = !seen.has(eventId);
    seen.add(eventId);
    return isUnknown;
  });
}
