/** `recordInteractions`: records events of users with items, each event once. */
import { hasCome } from '../../graphql/common/bounds';
import { positionOf, userError, withKnown } from '../../graphql/common/errors';
import type { UserErrorRecord } from '../../graphql/common/records';
import type { NewInteractionArgs } from '../../graphql/interaction/records';
import type { RecordInteractionsPayload } from '../../graphql/interaction/types';
import type { Interaction, User } from '../../prisma/generated/sqlite/client';
import { countedSince, countingOutcomes } from '../feedback/outcomes';
import { readByKeys } from '../storage/bulk-reads';
import { insertRows } from '../storage/bulk-rows';
import { countingInserted } from '../storage/item-counts';
import { itemIdsOf } from '../storage/item-rows';
import { userRecord } from '../storage/records';
import { databaseTime, type Transaction } from '../storage/transaction';
import { createMissingUsers, usersNamed } from '../storage/user-rows';
import type { CatalogueServices } from './changes';

/**
 * Records 1 to 1,000 events. A user is made with the first event. An event whose `eventId` is
 * known is left out, so that a call can be repeated. Late events of a removed item still count.
 *
 * @param atomic - True: one wrong event refuses all. False: only the wrong ones are refused.
 * @param known - Mistakes in single events that are known already.
 */
export async function recordInteractions(
  { database, attributionMs, onInteractions }: CatalogueServices,
  interactions: readonly NewInteractionArgs[],
  atomic: boolean,
  known: readonly UserErrorRecord[],
): Promise<RecordInteractionsPayload> {
  const itemIds = await itemIdsOf(
    database.read,
    interactions.map(({ itemExternalId }) => itemExternalId),
  );
  const userErrors = withKnown(known, interactionErrors(interactions, itemIds));
  const wrong = new Set(userErrors.map(positionOf));
  const good = interactions.filter((_, position) => !wrong.has(position));
  if (atomic && wrong.size > 0) return { recorded: 0, users: [], userErrors };
  const { recorded, users } = await database.write((transaction) =>
    writeInteractions(transaction, good, itemIds, attributionMs),
  );
  await onInteractions(recorded.map(({ itemExternalId }) => itemIds.get(itemExternalId)!));
  return { recorded: recorded.length, users: users.map(userRecord), userErrors };
}

/**
 * Writes the events that are not known yet, with their users, and counts them.
 *
 * @param itemIds - External ID → id, of all items that the events name.
 * @returns Those events; and the users of all events, in the order of first sight, without those that there are not.
 */
async function writeInteractions(
  transaction: Transaction,
  interactions: readonly NewInteractionArgs[],
  itemIds: ReadonlyMap<string, number>,
  attributionMs: number,
): Promise<{ recorded: readonly NewInteractionArgs[]; users: readonly User[] }> {
  const recorded = await unknownEvents(transaction, interactions);
  await createMissingUsers(transaction, recorded.map(userOf));
  const users = await usersNamed(transaction, interactions.map(userOf));
  // A user's events come to several servers, and the history has them in order of time.
  const now = await databaseTime(transaction);
  const rows = recorded.map(({ eventId, userExternalId, itemExternalId, kind, rating, occurredAt }) => ({
    eventId: eventId ?? null,
    userId: users.get(userExternalId)!.id,
    itemId: itemIds.get(itemExternalId)!,
    kind,
    rating: rating ?? null,
    occurredAt: occurredAt ?? now,
  }));
  await countingInserted(transaction, () => insertInteractions(transaction, rows, attributionMs));
  const inOrder = new Set(interactions.flatMap((event) => users.get(userOf(event)) ?? []));
  return { recorded, users: [...inOrder] };
}

/** An interaction that is not stored yet. */
type NewInteractionRow = Omit<Interaction, 'id'>;

/** Stores interactions, and counts what becomes of lists by them. Call it within `countingInserted`. */
export async function insertInteractions(
  transaction: Transaction,
  rows: readonly NewInteractionRow[],
  attributionMs: number,
): Promise<void> {
  const counted = countedSince();
  const shown = rows.filter(({ kind, occurredAt }) => kind === 'PURCHASE' && occurredAt >= counted);
  await countingOutcomes(transaction, attributionMs, { shown }, () => insertRows(transaction, 'Interaction', rows));
}

function userOf({ userExternalId }: NewInteractionArgs): string {
  return userExternalId;
}

function interactionErrors(
  interactions: readonly NewInteractionArgs[],
  itemIds: ReadonlyMap<string, number>,
): UserErrorRecord[] {
  return interactions.flatMap(({ userExternalId, itemExternalId, kind, rating, occurredAt }, position) => {
    const errors: UserErrorRecord[] = [];
    const add = (code: 'NOT_FOUND' | 'INVALID' | 'OUT_OF_RANGE', field: string, expectation: string, got: string) =>
      errors.push(userError(code, `${field}: expected ${expectation}, got ${got}`, 'interactions', position, field));
    if (!itemIds.has(itemExternalId))
      add('NOT_FOUND', 'item', 'an item of the catalogue', `${itemExternalId}; upsertItems adds it`);
    if (userExternalId.trim() === '') add('INVALID', 'user', 'an external ID', 'none');
    if (rating != null && kind !== 'RATING') add('INVALID', 'rating', 'none, since only a RATING has one', `${rating}`);
    if (occurredAt && Number.isNaN(occurredAt.getTime())) add('INVALID', 'occurredAt', 'a date', 'none');
    else if (occurredAt && !hasCome(occurredAt.getTime()))
      add('OUT_OF_RANGE', 'occurredAt', 'a time that has come', `${occurredAt.toISOString()}; ${clockNow()}`);
    return errors;
  });
}

function clockNow(): string {
  return `the clock of the server has ${new Date().toISOString()}`;
}

/** @returns The events that are neither stored nor earlier in the call, with the IDs by which they are stored. */
async function unknownEvents(
  transaction: Transaction,
  interactions: readonly NewInteractionArgs[],
): Promise<NewInteractionArgs[]> {
  const visitors = await visitorsOf(transaction, interactions);
  const idsOf = ({ eventId, isOwnEventId, userExternalId }: NewInteractionArgs): string[] => {
    if (eventId === null || eventId === undefined) return [];
    if (!isOwnEventId) return [eventId];
    return [userExternalId, ...(visitors.get(userExternalId) ?? [])].map((user) => ownEventId(user, eventId));
  };
  const rows = await readByKeys(interactions.flatMap(idsOf), (some) =>
    transaction.interaction.findMany({ where: { eventId: { in: some } }, select: { eventId: true } }),
  );
  const seen = new Set(rows.map(({ eventId }) => eventId));
  return interactions.flatMap((event) => {
    const ids = idsOf(event);
    if (ids.some((id) => seen.has(id))) return [];
    for (const id of ids) seen.add(id);
    return [{ ...event, eventId: ids[0] ?? null }];
  });
}

function ownEventId(userExternalId: string, eventId: string): string {
  return `user/${encodeURIComponent(userExternalId)}/${eventId}`;
}

/** A page may send an event again after its visitor has logged in: soon after. */
const MAX_VISITORS = 10;

/** @returns User → the last visitors whose events became the user's, with the IDs that they had. Browsers send events of one user alone. */
async function visitorsOf(
  transaction: Transaction,
  interactions: readonly NewInteractionArgs[],
): Promise<Map<string, string[]>> {
  const visitors = new Map<string, string[]>();
  const own = interactions.filter(({ isOwnEventId }) => isOwnEventId);
  for (const [externalId, { id }] of await usersNamed(transaction, own.map(userOf))) {
    const rows = await transaction.user.findMany({
      where: { identifiedId: id },
      orderBy: { identifiedAt: 'desc' },
      take: MAX_VISITORS,
    });
    visitors.set(
      externalId,
      rows.map((row) => row.externalId),
    );
  }
  return visitors;
}
