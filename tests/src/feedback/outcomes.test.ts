import fc from 'fast-check';

import type { FeedbackKind, ListRecord } from '../../../graphql/feedback/records';
import { DAY_MS } from '../../../models/math/day';
import { figuresOf } from '../../../src/feedback/arm-figures';
import { Feedback } from '../../../src/feedback/feedback';
import { add, describeCatalogue, opened, test } from '../../support/catalogue-suite';

const HOUR_MS = DAY_MS / 24;
const WINDOW_DAYS = 7;
const ITEMS = ['a', 'b', 'c'];

/** A list for somebody, made so many hours ago. */
interface MadeList {
  readonly placement: string;
  readonly user: string | null;
  readonly modelVersionId: number | null;
  /** Which arm of the experiment, or none. */
  readonly arm: number | null;
  readonly hoursAgo: number;
}

type Event =
  | { readonly deed: 'report'; readonly list: number; readonly item: string; readonly kind: FeedbackKind; readonly eventId: string | null; readonly value: number } // prettier-ignore
  | { readonly deed: 'purchase'; readonly user: string; readonly item: string; readonly hoursAgo: number }
  | { readonly deed: 'identify' };

const user = fc.constantFrom('ann', 'visitor/v');
const hoursAgo = fc.integer({ min: 1, max: 9 * 24 });
const item = fc.constantFrom(...ITEMS);
const lists = fc.array(
  fc.record({
    placement: fc.constantFrom('home', 'cart'),
    user: fc.option(user),
    modelVersionId: fc.constantFrom(7, null),
    arm: fc.constantFrom(null, 0, 1),
    hoursAgo,
  }),
  { minLength: 4, maxLength: 4 },
);
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      deed: fc.constant('report' as const),
      list: fc.nat(3),
      item,
      kind: fc.constantFrom<FeedbackKind>('SHOWN', 'SHOWN', 'CLICKED', 'CART', 'PURCHASED', 'DISMISSED'),
      eventId: fc.constantFrom(null, '1', '2'),
      value: fc.integer({ min: 0, max: 40 }).map((quarters) => quarters / 4),
    }),
  },
  { weight: 4, arbitrary: fc.record({ deed: fc.constant('purchase' as const), user, item, hoursAgo }) },
  { weight: 1, arbitrary: fc.constant({ deed: 'identify' as const }) },
);

describeCatalogue('countingOutcomes', () => {
  let feedback: Feedback;
  beforeEach(async () => {
    feedback = new Feedback({
      database: opened.database,
      attributionMs: WINDOW_DAYS * DAY_MS,
      live: test.popularity,
    });
  });

  /** SQL over all rows: lists that purchases count for, what was paid, and the conditions of a list. */
  const plainSql = (isByArm = false) => {
    const armOf = isByArm ? 'COALESCE(l."armId", 0)' : '0';
    const isSqlite = opened.database.provider === 'sqlite';
    const ageMs = (of: string, time: string) =>
      isSqlite
        ? `ROUND((julianday(${time}) - julianday(${of})) * ${DAY_MS})`
        : `EXTRACT(EPOCH FROM ${time} - ${of}) * 1000`;
    const isIn = (time: string) => `${ageMs('l."madeAt"', time)} BETWEEN 0 AND ${WINDOW_DAYS * DAY_MS}`;
    const dayOf = isSqlite ? `date(l."madeAt")` : `to_char(l."madeAt", 'YYYY-MM-DD')`;
    const withKind = (kind: string) =>
      `EXISTS (SELECT 1 FROM "Feedback" f WHERE f."listKey" = l."key" AND f."kind" = '${kind}')`;
    const common = `
      WITH showing AS (
        SELECT f."userId", f."itemId", l."key", l."madeAt", MAX(CASE WHEN f."kind" = 'PURCHASED' THEN 1 ELSE 0 END) AS "named"
        FROM "Feedback" f JOIN "List" l ON l."key" = f."listKey" WHERE f."kind" <> 'DISMISSED' GROUP BY 1, 2, 3, 4
      ), credited AS (
        SELECT l."key", ROW_NUMBER() OVER (PARTITION BY i."id" ORDER BY l."named" DESC, l."madeAt" DESC, l."key") AS "place"
        FROM "Interaction" i JOIN showing l ON l."userId" = i."userId" AND l."itemId" = i."itemId"
        WHERE i."kind" = 'PURCHASE' AND ${isIn('i."occurredAt"')}
      ), paid AS (
        SELECT l."key", SUM(f."value") AS "total", SUM(f."quantity") AS "quantity", COUNT(*) AS "count"
        FROM "List" l JOIN "Feedback" f ON f."listKey" = l."key" AND f."kind" = 'PURCHASED' AND ${isIn('f."at"')} GROUP BY 1
      ), coverage AS (
        SELECT l."placement", ${dayOf} AS "day", l."modelVersionId", ${armOf} AS "arm", COUNT(DISTINCT f."itemId") AS "covered"
        FROM "Feedback" f JOIN "List" l ON l."key" = f."listKey" WHERE f."kind" = 'SHOWN' GROUP BY 1, 2, 3, 4
      )`;
    const isPurchased = `p."count" > 0 OR l."key" IN (SELECT "key" FROM credited WHERE "place" = 1)`;
    const counted = (condition: string) => `SUM(CASE WHEN ${condition} THEN 1 ELSE 0 END)`;
    return { common, dayOf, armOf, withKind, isPurchased, counted };
  };
  /** The figures, computed anew of all rows. */
  const recounted = async (isByArm: boolean) => {
    const { common, dayOf, armOf, withKind, isPurchased, counted } = plainSql(isByArm);
    const rows = await opened.database.read.$queryRawUnsafe<Record<string, unknown>[]>(`${common}
      SELECT l."placement", ${dayOf} AS "day", l."modelVersionId", ${armOf} AS "arm", COUNT(*) AS "lists",
        ${counted(withKind('CLICKED'))} AS "clicked", ${counted(withKind('CART'))} AS "cart",
        ${counted(withKind('DISMISSED'))} AS "dismissed", ${counted(isPurchased)} AS "purchased",
        SUM(p."total") AS "total", SUM(p."quantity") AS "quantity", COALESCE(MAX(c."covered"), 0) AS "covered"
      FROM "List" l LEFT JOIN paid p ON p."key" = l."key"
        LEFT JOIN coverage c ON c."placement" = l."placement" AND c."day" = ${dayOf} AND c."modelVersionId" = l."modelVersionId"
          AND c."arm" = ${armOf}
      GROUP BY 1, 2, 3, 4`);
    const numbers = rows.map((row) => Object.entries(row).map(([name, value]) => [name, name === 'placement' || name === 'day' ? value : value === null ? null : Number(value)])); // prettier-ignore
    return sorted(numbers.map((row) => Object.fromEntries(row) as object));
  };
  /** What counts for arms, user by user, computed anew of all rows. */
  const recountedArms = async () => {
    const { common, withKind, isPurchased, counted } = plainSql();
    const rows = await opened.database.read.$queryRawUnsafe<Record<string, unknown>[]>(`${common}
      SELECT l."armId", l."userId", COUNT(*) AS "lists", ${counted(withKind('CLICKED'))} AS "clicked",
        ${counted(isPurchased)} AS "purchased", COALESCE(SUM(p."total"), 0) AS "revenue"
      FROM "List" l LEFT JOIN paid p ON p."key" = l."key" WHERE l."armId" IS NOT NULL AND l."userId" IS NOT NULL GROUP BY 1, 2`);
    return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])));
  };
  /** What the figures of an experiment are computed from. */
  const sumsOf = (users: readonly Record<string, number>[], armId: number) => {
    const own = users.filter((user) => user.armId === armId);
    const sum = (name: string) => own.reduce((all, user) => all + user[name], 0);
    const totals = { clicked: { total: sum('clicked') }, purchased: { total: sum('purchased') } };
    return { users: own.length, lists: sum('lists'), ...totals, revenue: { total: sum('revenue') } };
  };
  const counted = async (isByArm: boolean, arms: readonly { readonly id: number; readonly name: string }[]) => {
    const placements = await feedback.placements({ days: 20, isDaily: true, isByArm });
    const idOf = (name?: string) => arms.find((arm) => arm.name === name)?.id ?? 0;
    const rows = placements.flatMap(({ name, figures }) =>
      figures.map(({ day, modelVersionId, arm, lists, revenue: [revenue], coverage, ...shares }) => ({
        arm: idOf(arm?.name),
        ...{ placement: name, day: day!.toISOString().slice(0, 10), modelVersionId: modelVersionId ?? 0, lists },
        ...{ clicked: shares.clicked.count, cart: shares.cart.count, dismissed: shares.dismissed.count },
        ...{ purchased: shares.purchased.count, total: revenue?.total ?? null, quantity: revenue?.quantity ?? null },
        covered: coverage.count,
      })),
    );
    return sorted(rows);
  };
  const sorted = (rows: object[]) => rows.map((row) => JSON.stringify(row, Object.keys(row).sort())).sort();

  const listIdOf = async (list: MadeList, n: number, itemIds: number[], armIds: number[] = []) => {
    const { user: name, hoursAgo: hours, arm, ...made } = list;
    const row = name === null ? null : await test.catalogue.user(name);
    const who: ListRecord['user'] = row?.id ?? name;
    return feedback.listId({
      ...made,
      key: `list-${n}`,
      user: who,
      armId: arm === null ? null : armIds[arm],
      madeAt: new Date(Date.now() - hours * HOUR_MS),
      itemIds,
    });
  };
  const run = (each: Event, listIds: readonly string[]) => {
    if (each.deed === 'identify') return test.catalogue.identify('visitor/v', 'ann');
    if (each.deed === 'purchase') {
      const occurredAt = new Date(Date.now() - each.hoursAgo * HOUR_MS);
      const names = { userExternalId: each.user, itemExternalId: each.item };
      return test.catalogue.recordInteractions([{ kind: 'PURCHASE', occurredAt, ...names }]);
    }
    const { list, item: itemExternalId, kind, eventId, value } = each;
    const paid = kind === 'PURCHASED' ? { value, currency: 'EUR', quantity: 2 } : {};
    const entry = { listId: listIds[list], itemExternalId, kind, eventId, ...paid };
    return feedback.record([entry], { atomic: true, known: [], user: null });
  };

  it('counts what plain SQL counts over the same rows, in whatever order these came', async () => {
    const items = await add(...ITEMS.map((externalId) => ({ externalId })));
    const experiment = await opened.database.write((tables) =>
      tables.experiment.create({
        data: {
          ...{ placement: 'home', metric: 'CLICKED', currency: 'EUR', startedAt: new Date() },
          arms: { create: ['a', 'b'].map((name) => ({ name, percent: 50 })) },
        },
      }),
    );
    await fc.assert(
      fc.asyncProperty(lists, fc.array(event, { minLength: 4, maxLength: 16 }), async (made, events) => {
        await opened.database.write(async (tables) => {
          await tables.user.deleteMany();
          await tables.feedback.deleteMany();
          await tables.list.deleteMany();
          await tables.placementDay.deleteMany();
          await tables.placementRevenue.deleteMany();
        });
        const itemIds = items.map(({ id }) => id);
        const arms = await opened.database.write(({ experimentArm }) => experimentArm.findMany());
        const armIds = arms.map(({ id }) => id);
        const listIds = await Promise.all(made.map((each, n) => listIdOf(each, n, itemIds, armIds)));
        for (const each of events) expect((await run(each, listIds)).userErrors).toEqual([]);
        for (const isByArm of [false, true]) expect(await counted(isByArm, arms)).toEqual(await recounted(isByArm));
        const users = await recountedArms();
        expect(sorted(await opened.database.read.armUser.findMany())).toEqual(sorted(users));
        const figures = await figuresOf(opened.database.read, { ...experiment, arms });
        expect(figures.arms).toMatchObject(armIds.map((id) => sumsOf(users, id)));
      }),
      { numRuns: 12 },
    );
  });
});
