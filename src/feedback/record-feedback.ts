/** `recordFeedback`: records what became of lists, each piece once. */
import { batchErrors, positionOf, withKnown } from '../../graphql/common/errors';
import type { UserErrorRecord } from '../../graphql/common/records';
import type { FeedbackKind, ListRecord, NewFeedbackArgs, RecordedFeedback } from '../../graphql/feedback/records';
import { groupBy } from '../../models/math/arrays';
import { DAY_MS } from '../../models/math/day';
import { forKeys, readByKeys } from '../storage/bulk-reads';
import { insertRows } from '../storage/bulk-rows';
import type { Database } from '../storage/database';
import { databaseTime, type Transaction } from '../storage/transaction';
import { checkFeedback, type Entry, type FeedbackChecks } from './check-feedback';
import { DAYS_OF_AN_ID } from './list-ids';
import { type Counted, countLists } from './placement-days';

export interface FeedbackServices extends Pick<FeedbackChecks, 'listIds'> {
  readonly database: Pick<Database, 'read' | 'write'>;
}

interface RecordOptions extends Pick<FeedbackChecks, 'user'> {
  /** True: one wrong entry refuses all. False: only the wrong ones are refused. */
  readonly atomic: boolean;
  /** Errors of single entries that are known already. */
  readonly known: readonly UserErrorRecord[];
}

/** A row is kept a day longer than the ID of its list is valid, since clocks differ. */
const KEPT_MS = (DAYS_OF_AN_ID + 1) * DAY_MS;
/** Old rows that go with each new one: so they become no more, and no call takes long. */
const DELETED_A_ROW = 2;

/** Records 1 to 1,000 entries. One that was recorded before is left out, so that a call can be repeated. */
export async function recordFeedback(
  { database, listIds }: FeedbackServices,
  feedback: readonly NewFeedbackArgs[],
  { atomic, known, user }: RecordOptions,
): Promise<RecordedFeedback> {
  const batch = batchErrors('feedback', feedback.length);
  if (batch.length > 0) return { recorded: 0, userErrors: batch };
  const { entries, userErrors } = await checkFeedback(feedback, { read: database.read, listIds, user });
  const all = withKnown(known, userErrors);
  const wrong = new Set(all.map(positionOf));
  const good = entries.filter((entry, position) => entry !== null && !wrong.has(position)) as Entry[];
  if (good.length === 0 || (atomic && wrong.size > 0)) return { recorded: 0, userErrors: all };
  return { recorded: await database.write((transaction) => writeFeedback(transaction, good)), userErrors: all };
}

/** @returns How many of the entries were not recorded before. */
async function writeFeedback(transaction: Transaction, given: readonly Entry[]): Promise<number> {
  const entries = await ofPresentUsers(transaction, given);
  const stored = await readByKeys(unique(entries.map(({ list }) => list.key)), (some) =>
    transaction.feedback.findMany({ where: { listKey: { in: some } } }),
  );
  const fresh = unstored(entries, new Set(stored.map(({ listKey, itemId, kind }) => nameOf(listKey, itemId, kind))));
  const at = await databaseTime(transaction);
  await insertRows(
    transaction,
    'Feedback',
    fresh.map(({ list, itemId, kind }) => ({ listKey: list.key, itemId, kind, userId: list.userId, at })),
  );
  await countLists(transaction, newCounts(fresh, stored));
  await dismiss(transaction, entries, at);
  await deleteOld(transaction, fresh.length, at);
  return fresh.length;
}

/** The user of a list may have been erased since; then it counts as a list of no user. */
async function ofPresentUsers({ user }: Transaction, entries: readonly Entry[]): Promise<Entry[]> {
  const ids = unique(entries.flatMap(({ list }) => list.userId ?? []));
  const rows = await readByKeys(ids, (some) => user.findMany({ where: { id: { in: some } }, select: { id: true } }));
  const present = new Set(rows.map(({ id }) => id));
  const listOf = (list: ListRecord) =>
    list.userId === null || present.has(list.userId) ? list : { ...list, userId: null };
  return entries.map((entry) => ({ ...entry, list: listOf(entry.list) }));
}

/** @param names - Of what is stored. @returns The others, each once. */
function unstored(entries: readonly Entry[], names: ReadonlySet<string>): Entry[] {
  const seen = new Set(names);
  return entries.filter(({ list, itemId, kind }) => {
    const name = nameOf(list.key, itemId, kind);
    const isNew = !seen.has(name);
    seen.add(name);
    return isNew;
  });
}

function nameOf(listKey: string, itemId: number, kind: string): string {
  return `${listKey} ${itemId} ${kind}`;
}

const COUNTED_AS: Readonly<Record<FeedbackKind, readonly Counted[]>> = {
  SHOWN: ['lists'],
  CLICKED: ['lists', 'clicked'],
  CART: ['lists', 'cart'],
  PURCHASED: ['lists', 'purchased'],
  DISMISSED: ['lists', 'dismissed'],
};

/** @returns As what each list counts that it did not count as before. */
function newCounts(fresh: readonly Entry[], stored: readonly StoredKind[]): Map<ListRecord, Set<Counted>> {
  const before = groupBy(stored, ({ listKey }) => listKey);
  const counts = [...groupBy(fresh, ({ list }) => list.key)].map(([key, entries]) => {
    const counted = countedAs(before.get(key) ?? []);
    const now = [...countedAs(entries)].filter((as) => !counted.has(as));
    return [entries[0].list, new Set(now)] as const;
  });
  return new Map(counts);
}

interface StoredKind {
  readonly listKey: string;
  readonly kind: string;
}

function countedAs(rows: readonly { readonly kind: string }[]): Set<Counted> {
  return new Set(rows.flatMap(({ kind }) => COUNTED_AS[kind as FeedbackKind]));
}

/** Dismisses anew, too, what the same list has dismissed before: it may have been taken back. */
async function dismiss(transaction: Transaction, entries: readonly Entry[], at: Date): Promise<void> {
  const dismissed = entries.filter(({ kind, list }) => kind === 'DISMISSED' && list.userId !== null);
  const pairs = new Map(
    dismissed.map(({ list, itemId }) => [`${list.userId} ${itemId}`, { userId: list.userId!, itemId }]),
  );
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

async function deleteOld({ feedback }: Transaction, added: number, now: Date): Promise<void> {
  const at = { lt: new Date(now.getTime() - KEPT_MS) };
  const old = await feedback.findMany({ where: { at }, select: { id: true }, take: DELETED_A_ROW * added });
  await forKeys(
    old.map(({ id }) => id),
    (some) => feedback.deleteMany({ where: { id: { in: some } } }),
  );
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
