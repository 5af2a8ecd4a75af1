import fc from 'fast-check';

import { KIND_RULES } from '../../../models/data/kinds';
import { insertRows } from '../../../src/storage/bulk-rows';
import { itemRecord } from '../../../src/storage/item-columns';
import { MAX_INTERACTIONS, MAX_SEEN, RequestReads, type UserHistory } from '../../../src/storage/request-reads';
import { createTestCatalogue, type TestCatalogue } from '../../support/catalogue';
import { describeOnBoth } from '../../support/postgres';

describeOnBoth('RequestReads', (opened) => {
  let test: TestCatalogue;
  let reads: RequestReads;
  let ids: Record<string, number>;
  let users: Record<string, number>;

  beforeAll(async () => {
    test = createTestCatalogue(opened);
    reads = new RequestReads(opened.database.hotPath);
    const { items } = await test.catalogue.upsertItems(
      ['a', 'b', 'c', 'd'].map((externalId) => ({ externalId, title: externalId })),
      true,
    );
    ids = Object.fromEntries(items.map((item) => [item!.externalId, item!.id]));
    const events = ['b', 'a', 'b', 'c', 'b'].map((itemExternalId, i) => ({
      userExternalId: i < 4 ? 'u' : 'v',
      itemExternalId,
      kind: i === 0 ? ('VIEW' as const) : ('PURCHASE' as const),
      occurredAt: new Date(10_001 * (i >> 1)),
    }));
    // Reported late, happened first.
    events.push({ userExternalId: 'u', itemExternalId: 'd', kind: 'PURCHASE', occurredAt: new Date(-1) });
    const recorded = await test.catalogue.recordInteractions(events);
    users = Object.fromEntries(recorded.users.map((user) => [user.externalId, user.id]));
    await opened.database.write((transaction) => transaction.user.create({ data: { externalId: 'idle' } }));
  });

  it('reads histories, oldest first and of equally old events the one recorded first', async () => {
    const idle = (await reads.user('idle'))!.id;
    const found = await reads.histories([users.v, idle, 999, users.u]);
    const timed = ({ externalId, itemIds, timeAt, kindAt }: UserHistory) => {
      return { externalId, events: itemIds.map((itemId, at) => [itemId, timeAt(at), kindAt(at)]) };
    };
    expect(new Map(Array.from(found, ([user, history]) => [user, timed(history)]))).toEqual(
      new Map([
        [users.u, { externalId: 'u', events: [[ids.d, -1, 'PURCHASE'], [ids.b, 0, 'VIEW'], [ids.a, 0, 'PURCHASE'], [ids.b, 10_001, 'PURCHASE'], [ids.c, 10_001, 'PURCHASE']] }],
        [users.v, { externalId: 'v', events: [[ids.b, 20_002, 'PURCHASE']] }],
        [idle, { externalId: 'idle', events: [] }],
      ]), // prettier-ignore
    );
  });

  it('reads the newest states of placements, and what items have in common', async () => {
    const { database } = opened;
    const savedAt = new Date('2026-01-02T03:04:05.678Z');
    const states = ['home', 'home', 'cart'].map((name, i) => ({ name, number: i + 1, definition: { title: `é${i}` }, savedAt })); // prettier-ignore
    await database.write((transaction) => transaction.placementState.createMany({ data: states }));
    const found = await reads.placements(['home', 'cart', 'nowhere']);
    const parsed = Array.from(found, ([name, { definition, ...row }]) => [name, { ...row, definition: JSON.parse(definition) }]); // prettier-ignore
    const stored = (i: number) => ({ ...states[i], savedBy: null });
    expect(new Map(parsed as [string, object][])).toEqual(new Map([['home', stored(1)], ['cart', stored(2)]])); // prettier-ignore
    const items = [{ itemId: ids.a, brand: 'red', groupId: 'g', categories: ['x', 'y'] }];
    await test.catalogue.updateItems(items, false);
    expect(await reads.shelves([ids.a, ids.b, 999])).toEqual(
      new Map([
        [ids.a, { brand: 'red', group: 'g', categories: ['x', 'y'] }],
        [ids.b, { brand: null, group: null, categories: [] }],
      ]),
    );
  });

  it('takes what was bought or rated out of lists, and nothing that was viewed, liked or put into the cart', async () => {
    const { database } = opened;
    const kinds = { a: ['VIEW', 'PURCHASE', 'CART'], b: ['VIEW', 'CART', 'LIKE'], c: ['RATING'] };
    const interactions = Object.entries(kinds).flatMap(([item, ofItem]) => ofItem.map((kind) => ({ kind, itemId: ids[item], occurredAt: new Date(0) }))); // prettier-ignore
    const { id } = await database.write((transaction) =>
      transaction.user.create({ data: { externalId: 'shopper', interactions: { create: interactions } } }),
    );
    expect((await reads.histories([id])).get(id)!.seen).toEqual(new Set([ids.a, ids.c]));
    const own = new RequestReads(database.hotPath, {
      ...KIND_RULES,
      PURCHASE: { weight: 1, hidesItem: false },
      LIKE: { weight: 1, hidesItem: true },
    });
    expect((await own.histories([id])).get(id)!.seen).toEqual(new Set([ids.b, ids.c]));
    await database.write((transaction) => transaction.user.delete({ where: { id } }));
  });

  it('reads the newest interactions of a long history, and all items that it takes out of lists', async () => {
    const { database } = opened;
    const rows = Array.from({ length: MAX_INTERACTIONS + 500 }, (_, i) => {
      const itemId = i < 10 ? ids.a : i % 2 === 0 ? ids.b : ids.c;
      return { itemId, kind: itemId === ids.c ? 'VIEW' : 'PURCHASE', occurredAt: new Date(1_000 * (i >> 2)) };
    });
    const { id } = await database.write(async (transaction) => {
      const user = await transaction.user.create({ data: { externalId: 'robot' } });
      const written = rows.map((row) => ({ ...row, userId: user.id }));
      await insertRows(transaction, 'Interaction', written);
      return user;
    });
    const { itemIds, seen, timeAt } = (await reads.histories([id, users.v])).get(id)!;
    expect(itemIds).toEqual(rows.slice(-MAX_INTERACTIONS).map(({ itemId }) => itemId));
    expect(timeAt(0)).toBe(rows[500].occurredAt.getTime());
    expect(seen).toEqual(new Set([ids.a, ids.b]));
    await database.write((transaction) => transaction.user.delete({ where: { id } }));
  });

  it('reads the seen items of a history without end as far as its newest interactions', async () => {
    const { database } = opened;
    const { id } = await database.write(async (transaction) => {
      const user = await transaction.user.create({ data: { externalId: 'flood' } });
      const rows = [ids.a, ids.b, ids.c].map((itemId, i) => ({
        itemId,
        kind: 'PURCHASE',
        occurredAt: new Date(1_000 * i),
      }));
      await transaction.interaction.createMany({ data: rows.map((row) => ({ ...row, userId: user.id })) });
      await transaction.$executeRawUnsafe(`
        WITH RECURSIVE n(k) AS (SELECT 2 UNION ALL SELECT k + 1 FROM n WHERE k < ${MAX_SEEN - 1})
        INSERT INTO "Interaction" ("userId", "itemId", "kind", "occurredAt")
        SELECT i."userId", i."itemId", i."kind", i."occurredAt" FROM n, "Interaction" i
        WHERE i."userId" = ${user.id} AND i."itemId" = ${ids.c}`);
      return user;
    });
    expect((await reads.histories([id])).get(id)!.seen).toEqual(new Set([ids.b, ids.c]));
    await database.write((transaction) => transaction.user.delete({ where: { id } }));
  });

  it('reads items as Prisma has them', async () => {
    const { database } = opened;
    await database.write(async (transaction) => {
      await fc.assert(
        fc.asyncProperty(ITEM, async (item) => {
          await transaction.item.create({ data: { ...item, externalId: `item ${await transaction.item.count()}` } });
        }),
        { numRuns: 50, seed: 1 },
      );
    });
    const rows = await database.read.item.findMany({ orderBy: { id: 'asc' } });
    const items = await reads.items([999, ...rows.map(({ id }) => id).reverse()]);
    expect(items.length).toBe(54);
    expect(items.sort((a, b) => a.id - b.id)).toEqual(rows.map(itemRecord));
    for (const count of [0, 1, 2, 4, 5, 54]) {
      expect((await reads.items(rows.slice(0, count).map(({ id }) => id))).length).toBe(count);
    }
    // More values than are parameters.
    expect((await reads.items(Array.from({ length: 1_000 }, (_, id) => id))).length).toBe(54);
  });
});

const time = fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
// PostgreSQL's texts hold no NUL, and its numbers no lone half of a surrogate pair.
const text = fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\0', ''));
const ITEM = fc.record({
  title: text,
  sortTitle: text,
  description: fc.option(text),
  brand: fc.option(text),
  categories: fc.array(text),
  price: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true, noDefaultInfinity: true })),
  attributes: fc.oneof(text, fc.integer(), fc.boolean(), fc.dictionary(fc.constantFrom('size', 'colour'), text)),
  interactionCount: fc.nat(),
  addedAt: time,
  removedAt: fc.option(time),
});
