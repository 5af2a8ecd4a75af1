/** What became of lists. It is computed from rows alone, so that the order in which they came does not matter. */
import type { FeedbackKind } from '../../graphql/feedback/records';
import { groupBy } from '../../models/math/arrays';
import { DAY_MS } from '../../models/math/day';
import type { Feedback, List } from '../../prisma/generated/sqlite/client';
import { readByKeys } from '../storage/bulk-reads';
import type { Transaction } from '../storage/transaction';
import { DAYS_OF_AN_ID } from './list-ids';
import { addOutcomes } from './placement-days';

/** A user and an item that a list for the user may have. */
export interface Pair {
  readonly userId: number;
  readonly itemId: number;
}

/** A list counts once in each of these. */
export type Counted = 'clicked' | 'cart' | 'purchased' | 'dismissed';

export interface Amount {
  readonly quantity: number;
  readonly total: number;
}

export interface Outcome {
  readonly list: List;
  readonly counted: ReadonlySet<Counted>;
  /** By currency. */
  readonly revenue: ReadonlyMap<string, Amount>;
  readonly shownItemIds: readonly number[];
}

/** By the key of the list; of lists with feedback alone. */
export type Outcomes = ReadonlyMap<string, Outcome>;

/** What a change may change the outcome of. */
interface Touched {
  /** Keys of lists. */
  readonly lists?: readonly string[];
  /** Purchases of these may count for other lists afterwards. */
  readonly purchased: readonly Pair[];
}

/**
 * Runs a change of feedback or of interactions, and counts in the figures of placements what comes of it.
 *
 * @param attributionMs - A purchase counts for a list that is this old at most.
 */
export async function countingOutcomes<T>(
  transaction: Transaction,
  attributionMs: number,
  { lists = [], purchased }: Touched,
  change: () => Promise<T>,
): Promise<T> {
  const rivals = (await showingsOf(transaction, purchased)).map(({ listKey }) => listKey);
  const keys = [...new Set([...lists, ...rivals])];
  const before = await outcomesOf(transaction, keys, attributionMs);
  const result = await change();
  await addOutcomes(transaction, before, await outcomesOf(transaction, keys, attributionMs));
  return result;
}

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
  const attributed = await attributedLists(transaction, pairsOf(rows.filter(isShowing)), attributionMs);
  const byList = groupBy(rows, ({ listKey }) => listKey);
  return new Map(
    lists.map((list) => {
      const isPurchase = ({ kind, at }: Feedback) => kind === 'PURCHASED' && isWithin(attributionMs, list, at);
      const [purchases, others] = [byList.get(list.key) ?? [], byList.get(list.key) ?? []];
      const counted = countedAs(others);
      if (attributed.has(list.key) || purchases.some(isPurchase)) counted.add('purchased');
      const shownItemIds = others.filter(({ kind }) => kind === 'SHOWN').map(({ itemId }) => itemId);
      return [list.key, { list, counted, revenue: revenueOf(purchases.filter(isPurchase)), shownItemIds }];
    }),
  );
}
