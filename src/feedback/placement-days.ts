/** What became of the lists of each placement, day, model version and arm. These counts stay when the feedback itself is deleted. */
import type { ExperimentMetric } from '../../graphql/experiment/records';
import type {
  FiguresArmRecord,
  FiguresPeriod,
  PlacementFiguresRecord,
  PlacementRecord,
  RevenueRecord,
  ShareRecord,
} from '../../graphql/feedback/records';
import { groupBy } from '../../models/math/arrays';
import { DAY_MS, daysSince1970 } from '../../models/math/day';
import { meanInterval, wilsonBound } from '../../models/math/probability';
import type { List, PlacementDay, PlacementRevenue, PrismaClient } from '../../prisma/generated/sqlite/client';
import type { Transaction } from '../storage/transaction';
import { BitSet } from './bit-set';
import type { Amount, Counted, Outcome, Outcomes } from './outcomes';

/** Whoever asks for lists names their placements, so that there must be an end. */
export const MAX_PLACEMENTS = 100;
/** Stands for lists that no model made. */
export const NO_VERSION = 0;
/** Stands for lists that count for no arm of an experiment. */
const NO_ARM = 0;

const COUNTED: readonly Counted[] = ['clicked', 'cart', 'purchased', 'dismissed'];

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

// ---- Counting -----------------------------------------------------------------------------------------------------

/** Counts what has changed of lists. One that is not among those before is new. */
export async function addOutcomes(transaction: Transaction, before: Outcomes, after: Outcomes): Promise<void> {
  const byDay = groupBy([...after.values()], ({ list }) => JSON.stringify(dayOf(list)));
  for (const outcomes of byDay.values()) {
    const key = dayOf(outcomes[0].list);
    const changes = outcomes.map((now) => ({ was: before.get(now.list.key) ?? null, now }));
    await addCounts(transaction, key, changes);
    await addRevenue(transaction, key, changes);
  }
}

type DayKey = Pick<PlacementDay, 'placement' | 'day' | 'modelVersionId' | 'armId'>;

function dayOf({ placement, madeAt, modelVersionId, armId }: List): DayKey {
  return { placement, day: daysSince1970(madeAt.getTime()), modelVersionId, armId: armId ?? NO_ARM };
}

interface Change {
  /** Null: the list had no feedback. */
  readonly was: Outcome | null;
  readonly now: Outcome;
}

async function addCounts({ placementDay }: Transaction, key: DayKey, changes: readonly Change[]): Promise<void> {
  const where = { placement_day_modelVersionId_armId: key };
  const row = await placementDay.findUnique({ where });
  const shown = new BitSet(row?.shownItems);
  for (const { now } of changes) for (const itemId of now.shownItemIds) shown.add(itemId);
  const added = { lists: changes.filter(({ was }) => was === null).length, ...addedCounts(changes) };
  if (!shown.isGrown && Object.values(added).every((count) => count === 0)) return;
  const counts = Object.entries(added).map(([name, count]) => [name, (row?.[name as Counted] ?? 0) + count]);
  const data = { ...(Object.fromEntries(counts) as typeof added), shownItems: shown.bytes };
  if (row === null) await placementDay.create({ data: { ...key, ...data } });
  else await placementDay.update({ where, data });
}

function addedCounts(changes: readonly Change[]): Record<Counted, number> {
  const countOf = (as: Counted, outcomes: readonly (Outcome | null)[]) =>
    outcomes.filter((outcome) => outcome?.counted.has(as)).length;
  const added = COUNTED.map((as) => {
    const [was, now] = [changes.map((change) => change.was), changes.map((change) => change.now)];
    return [as, countOf(as, now) - countOf(as, was)];
  });
  return Object.fromEntries(added) as Record<Counted, number>;
}

const NOTHING: Amount = { quantity: 0, total: 0 };

async function addRevenue({ placementRevenue }: Transaction, key: DayKey, changes: readonly Change[]): Promise<void> {
  const currencies = new Set(changes.flatMap(({ now }) => [...now.revenue.keys()]));
  for (const currency of currencies) {
    const sums = { quantity: 0, total: 0, squares: 0 };
    for (const { was, now } of changes) {
      const [before, after] = [was?.revenue.get(currency) ?? NOTHING, now.revenue.get(currency) ?? NOTHING];
      sums.quantity += after.quantity - before.quantity;
      sums.total += after.total - before.total;
      sums.squares += after.total ** 2 - before.total ** 2;
    }
    if (sums.quantity === 0 && sums.total === 0) continue;
    await placementRevenue.upsert({
      where: { placement_day_modelVersionId_armId_currency: { ...key, currency } },
      create: { ...key, currency, ...sums },
      update: {
        quantity: { increment: sums.quantity },
        total: { increment: sums.total },
        squares: { increment: sums.squares },
      },
    });
  }
}

// ---- Reading ------------------------------------------------------------------------------------------------------

/** The items that can be recommended. */
export interface LiveItems {
  readonly size: number;
  has(itemId: number): boolean;
}

/** See `Feedback.placements`. The rows of one placement are in memory at a time: each names the items that were shown. */
export async function placementsOf(
  read: PrismaClient,
  live: LiveItems,
  { days, isDaily, isByArm }: FiguresPeriod,
  only?: string,
): Promise<PlacementRecord[]> {
  const placements: PlacementRecord[] = [];
  const names = await placementNames(read);
  for (const name of only === undefined ? names : names.filter((each) => each === only)) {
    const where = { placement: name, day: { gt: daysSince1970(Date.now()) - days } };
    const newestFirst = [{ day: 'desc' }, { modelVersionId: 'desc' }, { armId: 'asc' }] as const;
    const rows = await read.placementDay.findMany({ where, orderBy: [...newestFirst] });
    const revenue = await read.placementRevenue.findMany({ where, orderBy: { currency: 'asc' } });
    const groupOf = ({ day, modelVersionId, armId }: DayKey) =>
      [isDaily ? day : '', modelVersionId, isByArm ? armId : ''].join(' ');
    const arms = isByArm ? await armsOf(read, [...new Set(rows.map(({ armId }) => armId))]) : NO_ARMS;
    const revenueOf = groupBy(revenue, groupOf);
    const groups = [...groupBy(rows, groupOf)];
    const figures = groups.map(([group, own]) => ({
      ...figuresOf(own, revenueOf.get(group) ?? [], live, isDaily),
      arm: arms.get(own[0].armId) ?? null,
    }));
    placements.push({ name, figures: isDaily ? figures : figures.sort(newestVersionFirst) });
  }
  return placements;
}

const NO_ARMS: ReadonlyMap<number, FiguresArmRecord> = new Map();

/** @returns By id, of those that there are. */
async function armsOf({ experimentArm }: PrismaClient, ids: number[]): Promise<Map<number, FiguresArmRecord>> {
  const rows = await experimentArm.findMany({ where: { id: { in: ids } }, include: { experiment: true } });
  return new Map(
    rows.map(({ id, name, experiment: { metric, ...experiment } }) => [
      id,
      { name, experiment: { ...experiment, metric: metric as ExperimentMetric } },
    ]),
  );
}

function newestVersionFirst(a: PlacementFiguresRecord, b: PlacementFiguresRecord): number {
  return (b.modelVersionId ?? NO_VERSION) - (a.modelVersionId ?? NO_VERSION);
}

function figuresOf(
  rows: readonly PlacementDay[],
  revenue: readonly PlacementRevenue[],
  live: LiveItems,
  isDaily: boolean,
): Omit<PlacementFiguresRecord, 'arm'> {
  const [{ modelVersionId, day }] = rows;
  const sumOf = (name: Counted | 'lists') => rows.reduce((sum, row) => sum + row[name], 0);
  const lists = sumOf('lists');
  const [clicked, cart, purchased, dismissed] = COUNTED.map((as) => shareOf(sumOf(as), lists));
  return {
    day: isDaily ? new Date(day * DAY_MS) : null,
    modelVersionId: modelVersionId === NO_VERSION ? null : modelVersionId,
    ...{ lists, clicked, cart, purchased, dismissed },
    revenue: [...groupBy(revenue, ({ currency }) => currency).values()].map((own) => revenueRecord(own, lists)),
    coverage: coverageOf(rows, live),
  };
}

function shareOf(count: number, all: number): ShareRecord {
  const share = all === 0 ? 0 : count / all;
  if (all === 0) return { count, share, low: 0, high: 1 };
  return { count, share, low: wilsonBound(share, all, -1), high: wilsonBound(share, all, 1) };
}

function coverageOf(rows: readonly PlacementDay[], live: LiveItems): ShareRecord {
  const shown = new BitSet();
  for (const { shownItems } of rows) shown.addAll(shownItems);
  return shareOf(shown.values().filter((itemId) => live.has(itemId)).length, live.size);
}

function revenueRecord(rows: readonly PlacementRevenue[], lists: number): RevenueRecord {
  const sumOf = (name: 'quantity' | 'total' | 'squares') => rows.reduce((sum, row) => sum + row[name], 0);
  const total = sumOf('total');
  const { low, high } = meanInterval(lists, total, sumOf('squares'));
  return {
    currency: rows[0].currency,
    quantity: sumOf('quantity'),
    total,
    perList: total / lists,
    low: Math.max(0, low),
    high,
  };
}
