/** How many lists of each placement, day and model version had feedback. These counts stay when the feedback itself is deleted. */
import type {
  ListRecord,
  ListShareRecord,
  PlacementFiguresRecord,
  PlacementRecord,
} from '../../graphql/feedback/records';
import { groupBy } from '../../models/math/arrays';
import { daysSince1970 } from '../../models/math/day';
import { wilsonBound } from '../../models/math/probability';
import type { PrismaClient } from '../../prisma/generated/sqlite/client';
import type { Transaction } from '../storage/transaction';

/** Whoever asks for lists names their placements, so that there must be an end. */
export const MAX_PLACEMENTS = 100;
/** Stands for lists of popular items alone. */
const NO_VERSION = 0;

/** A list counts once in each of these. */
export type Counted = 'lists' | 'clicked' | 'cart' | 'purchased' | 'dismissed';

/** @returns The names of all placements, in their order. */
async function placementNames({ placementDay }: PrismaClient): Promise<string[]> {
  const rows = await placementDay.groupBy({ by: ['placement'], orderBy: { placement: 'asc' } });
  return rows.map(({ placement }) => placement);
}

/** @returns Those of the names for which there is no room. */
export async function placementsBeyondMost(read: PrismaClient, names: readonly string[]): Promise<Set<string>> {
  if (names.length === 0) return new Set();
  const known = new Set(await placementNames(read));
  const unknown = [...new Set(names)].filter((name) => !known.has(name));
  return new Set(unknown.slice(Math.max(0, MAX_PLACEMENTS - known.size)));
}

/** @param counts - As what each list counts from now on. */
export async function countLists(
  { placementDay }: Transaction,
  counts: ReadonlyMap<ListRecord, ReadonlySet<Counted>>,
): Promise<void> {
  const rows = groupBy([...counts], ([list]) => JSON.stringify(keyOf(list)));
  for (const lists of rows.values()) {
    const key = keyOf(lists[0][0]);
    const countOf = (kind: Counted) => lists.filter(([, kinds]) => kinds.has(kind)).length;
    const [ofAll, clicked, dismissed] = [countOf('lists'), countOf('clicked'), countOf('dismissed')];
    const [cart, purchased] = [countOf('cart'), countOf('purchased')];
    await placementDay.upsert({
      where: { placement_day_modelVersionId: key },
      create: { ...key, lists: ofAll, clicked, cart, purchased, dismissed },
      update: {
        lists: { increment: ofAll },
        clicked: { increment: clicked },
        cart: { increment: cart },
        purchased: { increment: purchased },
        dismissed: { increment: dismissed },
      },
    });
  }
}

function keyOf({ placement, madeAt, modelVersionId }: ListRecord) {
  return { placement, day: daysSince1970(madeAt.getTime()), modelVersionId: modelVersionId ?? NO_VERSION };
}

/** See `Feedback.placements`. */
export async function placementsOf(read: PrismaClient, days: number): Promise<PlacementRecord[]> {
  const rows = await read.placementDay.groupBy({
    by: ['placement', 'modelVersionId'],
    where: { day: { gt: daysSince1970(Date.now()) - days } },
    _sum: { lists: true, clicked: true, cart: true, purchased: true, dismissed: true },
    orderBy: { modelVersionId: 'desc' },
  });
  const byName = groupBy(rows, ({ placement }) => placement);
  const figuresOf = (name: string) =>
    (byName.get(name) ?? []).map(({ modelVersionId, _sum }) => figures(modelVersionId, _sum));
  return (await placementNames(read)).map((name) => ({ name, figures: figuresOf(name) }));
}

function figures(modelVersionId: number, sums: Readonly<Record<Counted, number | null>>): PlacementFiguresRecord {
  const [clicked, dismissed, cart, purchased] = [sums.clicked!, sums.dismissed!, sums.cart!, sums.purchased!];
  // A list that counted before its placement was removed does not count again, but a click on it that comes later does.
  const lists = Math.max(sums.lists!, clicked, cart, purchased, dismissed);
  return {
    modelVersionId: modelVersionId === NO_VERSION ? null : modelVersionId,
    lists,
    clicked: shareOf(clicked, lists),
    cart: shareOf(cart, lists),
    purchased: shareOf(purchased, lists),
    dismissed: shareOf(dismissed, lists),
  };
}

function shareOf(count: number, lists: number): ListShareRecord {
  const share = count / lists;
  return { count, share, low: wilsonBound(share, lists, -1), high: wilsonBound(share, lists, 1) };
}
