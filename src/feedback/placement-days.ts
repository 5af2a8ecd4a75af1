/** What became of the lists of each placement, day, model version and arm. These counts stay when the feedback itself is deleted. */
import { isDeepStrictEqual } from 'node:util';

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
import { type Change, changeOf, type Counted, type Outcome } from './outcome';

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

/** Counts what has changed of lists. */
export async function addToDays(transaction: Transaction, changes: readonly Change[]): Promise<void> {
  for (const ofDay of groupBy(changes, ({ now }) => JSON.stringify(dayOf(now.list))).values()) {
    const key = dayOf(ofDay[0].now.list);
    await addCounts(transaction, key, ofDay);
    await addRevenue(transaction, key, ofDay);
  }
}

type DayKey = Pick<PlacementDay, 'placement' | 'day' | 'modelVersionId' | 'armId'>;

function dayOf({ placement, madeAt, modelVersionId, armId }: List): DayKey {
  return { placement, day: daysSince1970(madeAt.getTime()), modelVersionId, armId: armId ?? NO_ARM };
}

async function addCounts({ placementDay }: Transaction, key: DayKey, changes: readonly Change[]): Promise<void> {
  const where = { placement_day_modelVersionId_armId: key };
  const row = await placementDay.findUnique({ where });
  const shownBefore = row?.shownItems ?? new Uint8Array();
  const before = { lists: 0, clicked: 0, cart: 0, purchased: 0, dismissed: 0, ...row, shownItems: shownBefore };
  const shown = changes.flatMap(({ now }) => now.shownItemIds);
  const countOf = (as: Counted) => before[as] + changeOf(changes, ({ counted }) => Number(counted.has(as)));
  const data = {
    lists: before.lists + changeOf(changes, () => 1),
    ...{ clicked: countOf('clicked'), cart: countOf('cart') },
    ...{ purchased: countOf('purchased'), dismissed: countOf('dismissed') },
    shownItems: unionOf([shownBefore, setOf(shown)]),
  };
  if (!isDeepStrictEqual({ ...before, ...data }, before))
    await placementDay.upsert({ where, create: { ...key, ...data }, update: data });
}

async function addRevenue({ placementRevenue }: Transaction, key: DayKey, changes: readonly Change[]): Promise<void> {
  const currencies = new Set(changes.flatMap(({ now }) => [...now.revenue.keys()]));
  for (const currency of currencies) {
    const totalOf = ({ revenue }: Outcome) => revenue.get(currency)?.total ?? 0;
    const sums = {
      quantity: changeOf(changes, ({ revenue }) => revenue.get(currency)?.quantity ?? 0),
      total: changeOf(changes, totalOf),
      squares: changeOf(changes, (outcome) => totalOf(outcome) ** 2),
    };
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
  let count = 0;
  unionOf(rows.map(({ shownItems }) => shownItems)).forEach((byte, at) => {
    for (let bit = 0; byte >> bit > 0; bit++) if ((byte >> bit) & 1 && live.has(8 * at + bit)) count++;
  });
  return shareOf(count, live.size);
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

// ---- Sets of items as they are stored: bit i of byte j is set for the id 8j + i ------------------------------------

function setOf(itemIds: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(itemIds.reduce((length, itemId) => Math.max(length, (itemId >> 3) + 1), 0));
  for (const itemId of itemIds) bytes[itemId >> 3] |= 1 << (itemId & 7);
  return bytes;
}

function unionOf(sets: readonly (Uint8Array | null)[]): Uint8Array<ArrayBuffer> {
  const union = new Uint8Array(sets.reduce((length, set) => Math.max(length, set?.length ?? 0), 0));
  for (const set of sets) set?.forEach((byte, at) => (union[at] |= byte));
  return union;
}
