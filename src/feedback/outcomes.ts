/** What became of lists. It is computed from rows alone, so that the order in which they came does not matter. */
import type { FeedbackKind } from '../../graphql/feedback/records';
import { groupBy } from '../../models/math/arrays';
import { DAY_MS } from '../../models/math/day';
import type { Feedback, List } from '../../prisma/generated/sqlite/client';
import { readByKeys } from '../storage/bulk-reads';
import type { Transaction } from '../storage/transaction';
import { addToArms } from './arm-figures';
import { DAYS_OF_AN_ID } from './list-ids';
import type { Amount, Counted, Outcome } from './outcome';
import { addToDays } from './placement-days';

/** A user, and an item that lists for the user may have shown. */
export interface Pair {
  readonly userId: number;
  readonly itemId: number;
}

/** The lists whose outcome a change may change. */
interface Touched {
  /** Their keys. */
  readonly keys?: readonly string[];
  /** All lists that have shown these to their users, since a purchase may count for another one afterwards. */
  readonly shown: readonly Pair[];
}

/**
 * Runs a change of feedback or of interactions, and counts in the figures of placements and experiments what comes of it.
 *
 * @param attributionMs - A purchase counts for a list that is this old at most.
 */
export async function countingOutcomes<T>(
  transaction: Transaction,
  attributionMs: number,
  { keys = [], shown }: Touched,
  change: () => Promise<T>,
): Promise<T> {
  const showings = await showingsOf(transaction, shown);
  const all = [...new Set([...keys, ...showings.map(({ listKey }) => listKey)])];
  const before = await outcomesOf(transaction, all, attributionMs);
  const result = await change();
  const after = await outcomesOf(transaction, all, attributionMs);
  const changes = [...after].map(([key, now]) => ({ was: before.get(key) ?? null, now }));
  await addToDays(transaction, changes);
  await addToArms(transaction, changes);
  return result;
}

/** @returns Those of the pairs of which the user has purchased the item, as interactions say. */
export async function purchasedPairs(transaction: Transaction, pairs: readonly Pair[]): Promise<Pair[]> {
  return uniquePairs(await purchasesOf(transaction, pairs));
}

/** @returns By the key of the list. */
async function outcomesOf(
  transaction: Transaction,
  keys: readonly string[],
  attributionMs: number,
): Promise<Map<string, Outcome>> {
  const lists = await readByKeys(keys, (some) => transaction.list.findMany({ where: { key: { in: some } } }));
  const rows = await readByKeys(
    lists.map(({ key }) => key),
    (some) => transaction.feedback.findMany({ where: { listKey: { in: some } } }),
  );
  const attributed = await attributedLists(transaction, rows, attributionMs);
  const byList = groupBy(rows, ({ listKey }) => listKey);
  const outcomes = lists.map((list) => {
    const counts = ({ kind, at }: Feedback) => kind !== 'PURCHASED' || isIn(attributionMs, list, at);
    return outcomeOf(list, (byList.get(list.key) ?? []).filter(counts), attributed.has(list.key));
  });
  return new Map(outcomes.map((outcome) => [outcome.list.key, outcome]));
}

const COUNTED_AS: Readonly<Record<FeedbackKind, Counted | null>> = {
  SHOWN: null,
  CLICKED: 'clicked',
  CART: 'cart',
  PURCHASED: 'purchased',
  DISMISSED: 'dismissed',
};

function outcomeOf(list: List, rows: readonly Feedback[], isAttributed: boolean): Outcome {
  const counted = new Set(rows.flatMap(({ kind }) => COUNTED_AS[kind as FeedbackKind] ?? []));
  if (isAttributed) counted.add('purchased');
  const revenue = new Map<string, Amount>();
  for (const { currency, value, quantity } of rows) {
    if (currency === null || value === null) continue;
    const before = revenue.get(currency) ?? { quantity: 0, total: 0 };
    revenue.set(currency, { quantity: before.quantity + (quantity ?? 1), total: before.total + value });
  }
  const shownItemIds = rows.filter(({ kind }) => kind === 'SHOWN').map(({ itemId }) => itemId);
  return { list, counted, revenue, shownItemIds };
}

/** @returns The keys of lists for which a purchase counts that an interaction tells of. */
async function attributedLists(
  transaction: Transaction,
  rows: readonly Feedback[],
  attributionMs: number,
): Promise<Set<string>> {
  const pairs = rows.flatMap(({ userId, itemId }) => (userId === null ? [] : { userId, itemId }));
  const purchases = await purchasesOf(transaction, pairs);
  const showings = groupBy(await showingsOf(transaction, purchases), nameOf);
  return new Set(
    purchases.flatMap((purchase) => {
      const candidates = (showings.get(nameOf(purchase)) ?? []).filter((showing) =>
        isIn(attributionMs, showing, purchase.occurredAt),
      );
      return creditedList(candidates) ?? [];
    }),
  );
}

/** @returns The key of the list that a purchase counts for: one that the shop has named, else the newest that showed the item. */
function creditedList(candidates: readonly Showing[]): string | null {
  const named = candidates.filter(({ kind }) => kind === 'PURCHASED');
  const newestFirst = [...(named.length > 0 ? named : candidates)].sort(
    (a, b) => b.madeAt.getTime() - a.madeAt.getTime() || (a.listKey < b.listKey ? -1 : 1),
  );
  return newestFirst[0]?.listKey ?? null;
}

function isIn(attributionMs: number, { madeAt }: Pick<List, 'madeAt'>, time: Date): boolean {
  const age = time.getTime() - madeAt.getTime();
  return age >= 0 && age <= attributionMs;
}

interface Purchase extends Pair {
  readonly occurredAt: Date;
}

/** @returns The time before which no purchase counts for a list: feedback can name none that is as old. */
export function countedSince(): Date {
  return new Date(Date.now() - (DAYS_OF_AN_ID + 1) * DAY_MS);
}

async function purchasesOf({ interaction }: Transaction, pairs: readonly Pair[]): Promise<Purchase[]> {
  const occurredAt = { gte: countedSince() };
  return readByKeys(uniquePairs(pairs), (some) =>
    interaction.findMany({
      where: { kind: 'PURCHASE', occurredAt, OR: some },
      select: { userId: true, itemId: true, occurredAt: true },
    }),
  );
}

/** A list that has shown an item to its user. */
interface Showing extends Pair {
  readonly listKey: string;
  readonly kind: string;
  readonly madeAt: Date;
}

/** Whatever is said of an item but that it was dismissed says that it was shown. */
async function showingsOf({ feedback, list }: Transaction, pairs: readonly Pair[]): Promise<Showing[]> {
  const rows = await readByKeys(uniquePairs(pairs), (some) =>
    feedback.findMany({
      where: { kind: { not: 'DISMISSED' }, OR: some },
      select: { listKey: true, userId: true, itemId: true, kind: true },
    }),
  );
  const keys = [...new Set(rows.map(({ listKey }) => listKey))];
  const lists = await readByKeys(keys, (some) => list.findMany({ where: { key: { in: some } } }));
  const madeAt = new Map(lists.map((each) => [each.key, each.madeAt]));
  return rows.flatMap(({ listKey, userId, ...row }) => {
    const time = madeAt.get(listKey);
    return time === undefined || userId === null ? [] : { ...row, listKey, userId, madeAt: time };
  });
}

function uniquePairs(pairs: readonly Pair[]): Pair[] {
  return [...new Map(pairs.map(({ userId, itemId }) => [nameOf({ userId, itemId }), { userId, itemId }])).values()];
}

function nameOf({ userId, itemId }: Pair): string {
  return `${userId} ${itemId}`;
}
