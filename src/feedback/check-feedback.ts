/** Checks what callers report, and finds the lists and items that it names. */
import { positionOf, userError, withKnown } from '../../graphql/common/errors';
import type { UserErrorCode, UserErrorRecord } from '../../graphql/common/records';
import type { ListRecord, NewFeedbackArgs } from '../../graphql/feedback/records';
import { DAY_MS } from '../../models/math/day';
import type { PrismaClient, User } from '../../prisma/generated/sqlite/client';
import { readByKeys } from '../storage/bulk-reads';
import { itemIdsOf } from '../storage/item-rows';
import type { Transaction } from '../storage/transaction';
import { usersNamed } from '../storage/user-rows';
import { DAYS_OF_AN_ID, type ListIds } from './list-ids';
import { MAX_PLACEMENTS, placementsBeyondMost } from './placement-days';

/** An entry that is correct, with the rows that it names. */
export interface Entry extends Pick<NewFeedbackArgs, 'eventId' | 'kind' | 'value' | 'currency' | 'quantity'> {
  readonly list: ListRecord;
  readonly itemId: number;
}

export interface FeedbackChecks {
  readonly read: PrismaClient;
  readonly listIds: Pick<ListIds, 'read'>;
  /** The external ID of the only user whose lists the caller may name, beside those of nobody; null: all. */
  readonly user: string | null;
  /** Errors of single entries that are known already. */
  readonly known: readonly UserErrorRecord[];
}

type Complaint = readonly [code: UserErrorCode, message: string] | null;

/** @returns The entries without errors, and all errors. */
export async function checkFeedback(feedback: readonly NewFeedbackArgs[], checks: FeedbackChecks) {
  const lists = await Promise.all(feedback.map(({ listId }) => checks.listIds.read(listId)));
  const complaintOf = await listComplaints(lists, checks);
  const itemIds = await itemIdsOf(
    checks.read,
    feedback.map(({ itemExternalId }) => itemExternalId),
  );
  const found = feedback.flatMap((entry, position) => [
    ...errorAt(position, 'listId', complaintOf(lists[position])),
    ...errorAt(position, 'item', itemComplaint(entry, itemIds, lists[position])),
    ...purchaseErrors(position, entry),
  ]);
  const userErrors = withKnown(checks.known, found);
  const wrong = new Set(userErrors.map(positionOf));
  const entries = feedback.flatMap(({ itemExternalId, ...entry }, position): Entry[] =>
    wrong.has(position) ? [] : [{ ...entry, list: lists[position]!, itemId: itemIds.get(itemExternalId)! }],
  );
  return { entries, userErrors };
}

function errorAt(position: number, field: string, complaint: Complaint): UserErrorRecord[] {
  return complaint === null ? [] : [userError(complaint[0], complaint[1], 'feedback', position, field)];
}

function itemComplaint(
  { itemExternalId }: NewFeedbackArgs,
  itemIds: ReadonlyMap<string, number>,
  list: ListRecord | null,
): Complaint {
  const itemId = itemIds.get(itemExternalId);
  if (itemId === undefined)
    return ['NOT_FOUND', `item: expected an item of the catalogue, got ${itemExternalId}; upsertItems adds it`];
  if (list === null || list.itemIds.includes(itemId)) return null;
  return ['INVALID', `item: expected an item of the list, got ${itemExternalId}; name the list that it was in`];
}

function purchaseErrors(position: number, { kind, value, currency, quantity }: NewFeedbackArgs): UserErrorRecord[] {
  if (kind !== 'PURCHASED') {
    const given = Object.entries({ value, currency, quantity }).filter(([, each]) => each != null);
    const messageOf = (name: string) => `${name}: expected none with ${kind}, got one; PURCHASED has it`;
    return given.flatMap(([name]) => errorAt(position, name, ['INVALID', messageOf(name)]));
  }
  if (value != null && currency == null)
    return errorAt(position, 'currency', ['INVALID', 'currency: expected that of the value, got none']);
  if (value == null && currency != null)
    return errorAt(position, 'value', ['INVALID', 'value: expected one in the currency, got none']);
  return [];
}

/** @returns What is wrong with a list, by what the database has of its user and its placement. */
async function listComplaints(
  lists: readonly (ListRecord | null)[],
  checks: FeedbackChecks,
): Promise<(list: ListRecord | null) => Complaint> {
  const found = lists.filter((list) => list !== null);
  const isOwn = await ownLists(found, checks);
  const refused = await placementsBeyondMost(
    checks.read,
    found.map(({ placement }) => placement),
  );
  return (list) => {
    if (list === null) return ['INVALID', 'listId: expected the listId of a list of this shop, got another text'];
    if (Date.now() - list.madeAt.getTime() > DAYS_OF_AN_ID * DAY_MS)
      return ['OUT_OF_RANGE', `listId: expected a list of the last ${DAYS_OF_AN_ID} days, got an older one`];
    if (!isOwn(list)) return ['INVALID', "listId: expected a list of the token's own user, got that of another one"];
    if (!refused.has(list.placement)) return null;
    const expected = `expected one of the ${MAX_PLACEMENTS} placements that there are, got ${list.placement}`;
    return ['TOO_MANY', `listId: ${expected}; removePlacement makes room`];
  };
}

/** @returns Whether a list is for the caller, for nobody, or for a visitor who has become the caller. */
async function ownLists(
  lists: readonly ListRecord[],
  { read, user }: FeedbackChecks,
): Promise<(list: ListRecord) => boolean> {
  if (user === null) return () => true;
  const rows = await usersOfLists(read, lists);
  const caller = await read.user.findUnique({ where: { externalId: user } });
  return (list) => {
    if (list.user === null || list.user === user) return true;
    const row = rows.get(list.user);
    return row !== undefined && caller !== null && (row.id === caller.id || row.identifiedId === caller.id);
  };
}

/** @returns The rows of the lists' users, by what the lists name them by. */
export async function usersOfLists(
  client: Transaction,
  lists: readonly ListRecord[],
): Promise<Map<ListRecord['user'], User>> {
  const ids = lists.flatMap(({ user }) => (typeof user === 'number' ? user : []));
  const names = lists.flatMap(({ user }) => (typeof user === 'string' ? user : []));
  const byId = await readByKeys([...new Set(ids)], (some) => client.user.findMany({ where: { id: { in: some } } }));
  return new Map<ListRecord['user'], User>([
    ...byId.map((row) => [row.id, row] as const),
    ...(await usersNamed(client, names)),
  ]);
}
