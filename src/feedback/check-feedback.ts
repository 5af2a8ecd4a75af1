/** Checks what callers report, and finds the lists and items that it names. */
import { positionOf, userError } from '../../graphql/common/errors';
import type { UserErrorCode, UserErrorRecord } from '../../graphql/common/records';
import type { FeedbackKind, ListRecord, NewFeedbackArgs } from '../../graphql/feedback/records';
import { DAY_MS } from '../../models/math/day';
import type { PrismaClient } from '../../prisma/generated/sqlite/client';
import { itemIdsOf } from '../storage/item-rows';
import { DAYS_OF_AN_ID, type ListIds } from './list-ids';
import { MAX_PLACEMENTS, placementsBeyondMost } from './placement-days';

/** An entry that is correct, with the rows that it names. */
export interface Entry {
  readonly list: ListRecord;
  readonly itemId: number;
  readonly kind: FeedbackKind;
}

export interface CheckedFeedback {
  /** One for each entry; null: it is wrong. */
  readonly entries: readonly (Entry | null)[];
  readonly userErrors: readonly UserErrorRecord[];
}

export interface FeedbackChecks {
  readonly read: PrismaClient;
  readonly listIds: Pick<ListIds, 'read'>;
  /** The external ID of the only user whose lists the caller may name, beside those of no user; null: all. */
  readonly user: string | null;
}

type Complaint = readonly [code: UserErrorCode, message: string] | null;

export async function checkFeedback(
  feedback: readonly NewFeedbackArgs[],
  checks: FeedbackChecks,
): Promise<CheckedFeedback> {
  const lists = await listsOf(feedback, checks);
  const complaintOf = await listComplaints(lists, checks);
  const itemIds = await itemIdsOf(
    checks.read,
    feedback.map(({ itemExternalId }) => itemExternalId),
  );
  const userErrors = feedback.flatMap(({ itemExternalId }, position) => [
    ...errorAt(position, 'listId', complaintOf(lists[position])),
    ...errorAt(position, 'item', itemIds.has(itemExternalId) ? null : unknownItem(itemExternalId)),
  ]);
  const wrong = new Set(userErrors.map(positionOf));
  const entries = feedback.map(({ itemExternalId, kind }, position) =>
    wrong.has(position) ? null : { list: lists[position]!, itemId: itemIds.get(itemExternalId)!, kind },
  );
  return { entries, userErrors };
}

/** @returns The list that each entry names, null where there is none. Most entries of a call name one list, which is read once. */
async function listsOf(
  feedback: readonly NewFeedbackArgs[],
  { listIds }: FeedbackChecks,
): Promise<(ListRecord | null)[]> {
  const read = new Map<string, Promise<ListRecord | null>>();
  for (const { listId } of feedback) if (!read.has(listId)) read.set(listId, listIds.read(listId));
  return Promise.all(feedback.map(({ listId }) => read.get(listId)!));
}

function errorAt(position: number, field: string, complaint: Complaint): UserErrorRecord[] {
  return complaint === null ? [] : [userError(complaint[0], complaint[1], 'feedback', position, field)];
}

/** @returns What is wrong with a list, by what the database has of its user and its placement. */
async function listComplaints(
  lists: readonly (ListRecord | null)[],
  { read, user }: FeedbackChecks,
): Promise<(list: ListRecord | null) => Complaint> {
  const owner = user === null ? null : await read.user.findUnique({ where: { externalId: user } });
  const refused = await placementsBeyondMost(
    read,
    lists.flatMap((list) => list?.placement ?? []),
  );
  return (list) => {
    if (list === null) return ['INVALID', 'listId: expected the listId of a list, got another text'];
    if (isOver(list))
      return ['OUT_OF_RANGE', `listId: expected a list of the last ${DAYS_OF_AN_ID} days, got an older one`];
    if (user !== null && list.userId !== null && list.userId !== owner?.id)
      return ['INVALID', "listId: expected a list of the token's own user, got that of another one"];
    return refused.has(list.placement) ? tooManyPlacements(list) : null;
  };
}

function isOver({ madeAt }: ListRecord): boolean {
  return Date.now() - madeAt.getTime() > DAYS_OF_AN_ID * DAY_MS;
}

function tooManyPlacements({ placement }: ListRecord): Complaint {
  return [
    'TOO_MANY',
    `listId: expected one of the ${MAX_PLACEMENTS} placements that there are, got ${placement}; removePlacement makes room`,
  ];
}

function unknownItem(externalId: string): Complaint {
  return ['NOT_FOUND', `item: expected an item of the catalogue, got ${externalId}; upsertItems adds it`];
}
