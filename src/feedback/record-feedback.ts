/** `recordFeedback`: records what became of lists, each piece once. */
import type { ListRecord, NewFeedbackArgs } from '../../graphql/feedback/records';
import type { RecordFeedbackPayload } from '../../graphql/feedback/types';
import { DAY_MS } from '../../models/math/day';
import { forKeys, readByKeys } from '../storage/bulk-reads';
import { insertRows } from '../storage/bulk-rows';
import type { Database } from '../storage/database';
import { databaseTime, type Transaction } from '../storage/transaction';
import { createMissingUsers } from '../storage/user-rows';
import { checkFeedback, type Entry, type FeedbackChecks, usersOfLists } from './check-feedback';
import { DAYS_OF_AN_ID } from './list-ids';
import { countingOutcomes, type Pair, purchasedPairs } from './outcomes';
import { NO_VERSION } from './placement-days';

export interface FeedbackServices extends Pick<FeedbackChecks, 'listIds'> {
  readonly database: Pick<Database, 'read' | 'write'>;
  /** A purchase counts for a list that is this old at most. */
  readonly attributionMs: number;
}

interface RecordOptions extends Pick<FeedbackChecks, 'user' | 'known'> {
  /** True: one wrong entry refuses all. False: only the wrong ones are refused. */
  readonly atomic: boolean;
}

/** A row is kept a day longer than the ID of its list is valid, since clocks differ. */
const KEPT_MS = (DAYS_OF_AN_ID + 1) * DAY_MS;
/** Old rows that go with each new one: so they become no more, and no call takes long. */
const DELETED_A_ROW = 2;

/** Records 1 to 1,000 entries. One that was recorded before is left out, so that a call can be repeated. */
export async function recordFeedback(
  services: FeedbackServices,
  feedback: readonly NewFeedbackArgs[],
  { atomic, ...options }: RecordOptions,
): Promise<RecordFeedbackPayload> {
  const { database, listIds, attributionMs } = services;
  const { entries, userErrors } = await checkFeedback(feedback, { read: database.read, listIds, ...options });
  if (entries.length === 0 || (atomic && userErrors.length > 0)) return { recorded: 0, userErrors };
  const recorded = await database.write((transaction) => writeFeedback(transaction, attributionMs, entries));
  return { recorded, userErrors };
}

/** An entry, and the user whose history its list was made from. */
interface OwnedEntry extends Entry {
  /** Null: nobody in particular. */
  readonly userId: number | null;
}

/** @returns How many of the entries were not recorded before. */
async function writeFeedback(
  transaction: Transaction,
  attributionMs: number,
  given: readonly Entry[],
): Promise<number> {
  const entries = await withOwners(transaction, given);
  const fresh = await unstored(transaction, entries);
  const at = await databaseTime(transaction);
  const pairs = fresh.flatMap(({ userId, itemId }): Pair[] => (userId === null ? [] : [{ userId, itemId }]));
  const touched = {
    keys: unique(fresh.map(({ list }) => list.key)),
    shown: await purchasedPairs(transaction, pairs),
  };
  await countingOutcomes(transaction, attributionMs, touched, async () => {
    await insertLists(transaction, fresh);
    await insertRows(
      transaction,
      'Feedback',
      fresh.map(({ list, itemId, kind, eventId, value, currency, quantity, userId }) => ({
        ...{ listKey: list.key, itemId, kind, eventId: eventId ?? '', value, currency, userId, at },
        quantity: kind === 'PURCHASED' ? (quantity ?? 1) : null,
      })),
    );
  });
  await dismiss(transaction, entries, at);
  await deleteOld(transaction, fresh.length, at);
  return fresh.length;
}

/**
 * Makes users who had no row when their list was made. A list that was made before a visitor was identified is the user's. Nobody owns the
 * list of a user who was erased since.
 */
async function withOwners(transaction: Transaction, entries: readonly Entry[]): Promise<OwnedEntry[]> {
  const lists = entries.map(({ list }) => list);
  await createMissingUsers(
    transaction,
    lists.flatMap(({ user }) => (typeof user === 'string' ? user : [])),
  );
  const users = await usersOfLists(transaction, lists);
  const ownerOf = ({ user, madeAt }: ListRecord) => {
    const row = users.get(user);
    if (row === undefined) return null;
    const isIdentified = row.identifiedAt !== null && madeAt <= row.identifiedAt;
    return isIdentified ? row.identifiedId : row.id;
  };
  return entries.map((entry) => ({ ...entry, userId: ownerOf(entry.list) }));
}

/** @returns The entries that are neither stored nor earlier in the call. */
async function unstored(transaction: Transaction, entries: readonly OwnedEntry[]): Promise<OwnedEntry[]> {
  const stored = await readByKeys(unique(entries.map(({ list }) => list.key)), (some) =>
    transaction.feedback.findMany({ where: { listKey: { in: some } } }),
  );
  const seen = new Set(stored.map(({ listKey, ...row }) => nameOf(listKey, row)));
  return entries.filter(({ list, ...entry }) => {
    const name = nameOf(list.key, entry);
    const isNew = !seen.has(name);
    seen.add(name);
    return isNew;
  });
}

type NamedEntry = Pick<Entry, 'itemId' | 'eventId'> & { readonly kind: string };

function nameOf(listKey: string, { itemId, kind, eventId }: NamedEntry): string {
  return JSON.stringify([listKey, itemId, kind, eventId ?? '']);
}

async function insertLists(transaction: Transaction, entries: readonly OwnedEntry[]): Promise<void> {
  const lists = new Map(entries.map(({ list, userId }) => [list.key, { ...list, userId }]));
  const known = await readByKeys([...lists.keys()], (some) =>
    transaction.list.findMany({ where: { key: { in: some } }, select: { key: true } }),
  );
  for (const { key } of known) lists.delete(key);
  const rows = [...lists.values()].map(({ key, placement, modelVersionId, armId, madeAt, userId }) => {
    return { key, placement, modelVersionId: modelVersionId ?? NO_VERSION, armId, madeAt, userId };
  });
  await insertRows(transaction, 'List', rows);
}

/** Dismisses anew, too, what the same list has dismissed before: it may have been taken back. */
async function dismiss(transaction: Transaction, entries: readonly OwnedEntry[], at: Date): Promise<void> {
  const dismissed = entries.filter(({ kind, userId }) => kind === 'DISMISSED' && userId !== null);
  const pairs = new Map(dismissed.map(({ userId, itemId }) => [`${userId} ${itemId}`, { userId: userId!, itemId }]));
  const known = await readByKeys([...pairs.values()], (some) =>
    transaction.dismissal.findMany({ where: { OR: some } }),
  );
  for (const { userId, itemId } of known) pairs.delete(`${userId} ${itemId}`);
  await insertRows(
    transaction,
    'Dismissal',
    [...pairs.values()].map((pair) => ({ ...pair, at })),
  );
}

async function deleteOld({ feedback, list }: Transaction, added: number, now: Date): Promise<void> {
  const before = { lt: new Date(now.getTime() - KEPT_MS) };
  const take = DELETED_A_ROW * added;
  const rows = await feedback.findMany({ where: { at: before }, select: { id: true }, take });
  if (rows.length === 0) return;
  await forKeys(
    rows.map(({ id }) => id),
    (some) => feedback.deleteMany({ where: { id: { in: some } } }),
  );
  const lists = await list.findMany({ where: { madeAt: before }, select: { key: true }, take });
  await forKeys(
    lists.map(({ key }) => key),
    (some) => list.deleteMany({ where: { key: { in: some } } }),
  );
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
