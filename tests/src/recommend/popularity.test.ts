import fc from 'fast-check';

import { KnownItems } from '../../../models/checkpoint/known-items';
import { DAY_MS } from '../../../models/math/day';
import { eraseUsers } from '../../../src/catalogue/user-erasures';
import { Popularity } from '../../../src/recommend/popularity';
import type { Transaction } from '../../../src/storage/transaction';
import { createTestCatalogue, type TestCatalogue } from '../../support/catalogue';
import { useTestDatabase } from '../../support/database';

const DENY_NONE = { allow: null, deny: new Set<number>() };
const knowing = (...itemIds: number[]) => KnownItems.from(Int32Array.from(itemIds));

describe('Popularity', () => {
  const opened = useTestDatabase();
  let test: TestCatalogue;
  let ids: Record<string, number>;

  beforeAll(async () => {
    test = createTestCatalogue(opened);
    const { items } = await test.catalogue.upsertItems(
      ['a', 'b', 'c', 'd', 'e'].map((externalId) => ({ externalId, title: externalId })),
      true,
    );
    ids = Object.fromEntries(items.map((item) => [item!.externalId, item!.id]));
    const events = ['b', 'a', 'b', 'c', 'b'].map((itemExternalId, i) => ({
      userExternalId: i < 4 ? 'u' : 'v',
      itemExternalId,
      kind: 'PURCHASE' as const,
      occurredAt: new Date(DAY_MS * i),
    }));
    events.push({ userExternalId: 'u', itemExternalId: 'd', kind: 'PURCHASE', occurredAt: new Date(1) });
    await test.catalogue.recordInteractions(events);
  });

  it('ranks by users and days, and of equal items the older first', () => {
    const { popularity } = test;
    expect(popularity.top({ ...DENY_NONE, first: 3 })).toEqual([
      { itemId: ids.b, share: 3 / 6 },
      { itemId: ids.a, share: 1 / 6 },
      { itemId: ids.c, share: 1 / 6 },
    ]);
    const allow = Int32Array.of(ids.b, ids.c, ids.e);
    const some = popularity.top({ allow, deny: new Set([ids.b]), first: 9 });
    expect(some.map(({ itemId }) => itemId)).toEqual([ids.c, ids.e]);
  });

  it('is moved by a user’s thousand events as far as by one', async () => {
    const before = test.popularity.countOf(ids.e);
    const occurredAt = new Date(DAY_MS);
    const event = { userExternalId: 'visitor/bot', itemExternalId: 'e', kind: 'PURCHASE' as const, occurredAt };
    await test.catalogue.recordInteractions(new Array<typeof event>(1_000).fill(event));
    expect(test.popularity.countOf(ids.e)).toBe(before + 100);
    await test.catalogue.eraseUsers(['visitor/bot']);
    expect(test.popularity.countOf(ids.e)).toBe(before);
  });

  it('keeps the newer of two counts, although the older one comes later', async () => {
    const { services, popularity } = test;
    const countOf = async () =>
      (await opened.database.read.item.findUniqueOrThrow({ where: { id: ids.e } })).interactionCount;
    await test.catalogue.recordInteractions([{ userExternalId: 'gone', itemExternalId: 'e', kind: 'VIEW' }]);
    let answer = () => {};
    const isHeld = new Promise<void>((resolve) => (answer = resolve));
    const { findMany } = opened.database.read.item;
    const slow = { item: { findMany: async (query: object) => [await findMany(query), await isHeld][0] } };
    const older = popularity.refresh(slow as unknown as Transaction, [ids.e]);
    await eraseUsers({ ...services, onInteractions: () => Promise.resolve() }, ['gone']);
    const newer = popularity.refresh(opened.database.read, [ids.e]);
    answer();
    await Promise.all([older, newer]);
    expect(await countOf()).toBe(0);
    expect(popularity.top({ allow: Int32Array.of(ids.e), deny: new Set(), first: 1 })[0].share).toBe(0);
  });

  it('finds the live items that a model has not learned, ascending, whether they were bought or not', async () => {
    const { popularity } = test;
    const known = knowing(ids.d, ids.c, -1, -2);
    const unknown = popularity
      .top({ ...DENY_NONE, first: 99 })
      .map(({ itemId }) => itemId)
      .sort((a, b) => a - b)
      .filter((itemId) => itemId !== ids.c && itemId !== ids.d);
    expect(unknown).toContain(ids.e); // it was bought, but after all that the model has learned
    const coldItems = (model: KnownItems) => [...popularity.coldItems(model)];
    expect(coldItems(known)).toEqual(unknown);
    const others = knowing(...unknown);
    expect(coldItems(others)).toEqual([ids.c, ids.d]);
    await test.catalogue.recordInteractions([{ userExternalId: 'y', itemExternalId: 'd', kind: 'VIEW' }]);
    expect([coldItems(known), coldItems(others)]).toEqual([unknown, [ids.c, ids.d]]);
  });

  it('gives the same items as sorting all of them, whatever changes, with few and with many items allowed', () => {
    const change = fc.record({ itemId: fc.integer({ min: 1, max: 2_000 }), count: fc.option(fc.nat(4)) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), fc.integer({ min: 1, max: 30 }), (changed, first) => {
        const changes = [...changed];
        const [popularity, counts] = [new Popularity(), new Map<number, number>()];
        for (let itemId = 1; itemId <= 1_500; itemId++) changes.push({ itemId, count: itemId % 5 });
        for (const { itemId, count } of changes.reverse()) {
          if (count === null) popularity.remove(itemId);
          else popularity.add(itemId, count);
          if (count === null) counts.delete(itemId);
          else counts.set(itemId, count);
        }
        // Of equal items the older one, and of those without any interaction the newer one.
        const older = (a: number, b: number) => (counts.get(a) === 0 ? b - a : a - b);
        const ranked = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)! || older(a, b));
        for (const allow of [null, ids(1, 2_000), ids(20, 1_000), ids(1_490, 1_999), ids(1_990, 2_000)]) {
          const deny = new Set([ranked[1]]);
          const plain = ranked.filter((id) => !deny.has(id) && (allow === null || allow.includes(id)));
          expect(popularity.top({ allow, deny, first }).map(({ itemId }) => itemId)).toEqual(plain.slice(0, first));
        }
      }),
      { numRuns: 20, seed: 1 },
    );
    function ids(from: number, to: number): Int32Array {
      return Int32Array.from({ length: to - from + 1 }, (_, i) => from + i);
    }
  });
});
