import 'reflect-metadata';

import { existsSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { importCatalogue } from '../../../src/catalogue/importer';
import { exportDataset } from '../../../src/datasets/export-dataset';
import { importDataset } from '../../../src/datasets/import-dataset';
import { readDataset } from '../../../src/datasets/read-dataset';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { RESEARCH, useFolder, type Files } from '../../support/dataset-files';
import { temporaryFolder } from '../../support/temporary-folder';

describe('exportDataset', () => {
  const write = useFolder();
  let shop: TestDatabase;
  beforeEach(async () => void (shop = await openTestDatabase()));
  afterEach(() => {
    jest.restoreAllMocks();
    return shop.dispose();
  });

  async function load(files: Files): Promise<string> {
    const dir = write(files);
    await importDataset(shop.database, await readDataset(dir));
    return dir;
  }

  it('leaves out the interactions of items that came after its items were read', async () => {
    const out = join(await load(RESEARCH), 'out');
    const { read } = shop.database;
    const newest = { userExternalId: 'ann', itemExternalId: 'new', kind: 'PURCHASE', occurredAt: new Date() } as const;
    const item = { externalId: 'new', title: 'New', categories: [], vector: null };
    const findNewest = read.interaction.findFirst;
    jest
      .spyOn(read.interaction, 'findFirst')
      .mockImplementationOnce(((query: never) =>
        importCatalogue(shop.database, { items: [item], interactions: [{ ...newest, eventId: 'e' }] }).then(() =>
          findNewest(query),
        )) as never);
    expect(await exportDataset(shop.database, out)).toEqual({ items: 3, users: 2, interactions: 5 });
    expect((await readDataset(out)).counts).toEqual({ items: 3, users: 2, interactions: 5 });
  });

  it('leaves nothing when it is stopped, or when the database is away', async () => {
    const out = join(await load(RESEARCH), 'out');
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    await expect(exportDataset(shop.database, out, stop.signal)).rejects.toThrow('stopped');
    jest.spyOn(shop.database.read.interaction, 'findMany').mockRejectedValueOnce(new Error('the database is away'));
    await expect(exportDataset(shop.database, out)).rejects.toThrow('the database is away');
    expect([out, `${out}.partial`].map((path) => existsSync(path))).toEqual([false, false]);
  });
});

describe('an export that is imported', () => {
  let dir: string;
  beforeEach(() => (dir = temporaryFolder()));

  // Blanks, quotes, comment signs, line ends and signs beyond ASCII. No NUL and no half surrogate: no database keeps those.
  const odd = fc.constantFrom(...' #"\'\n\r\t\\%,\u2028\uFEFFé日🐯a1-');
  const id = fc.string({ unit: odd, minLength: 1, maxLength: 6 }).filter((text) => text.trim() !== '');
  const text = fc.string({ unit: odd, maxLength: 8 });
  const name = fc.string({ unit: odd, minLength: 1, maxLength: 8 });
  const time = fc.integer({ min: 0, max: 4 }).map((n) => new Date(Date.UTC(2026, 0, 1) + n * 1_234_567));
  const item = fc.record({
    title: text,
    description: fc.option(name), // an empty one comes back as none
    brand: fc.option(name),
    categories: fc.array(name, { maxLength: 3 }),
    price: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true, noDefaultInfinity: true })),
    currency: fc.constantFrom(null, 'EUR'),
    url: fc.constantFrom(null, 'https://shop.example/é?a=1#x'),
    availability: fc.constantFrom('IN_STOCK' as const, 'PREORDER' as const, 'OUT_OF_STOCK' as const),
    availableFrom: fc.option(time),
    groupId: fc.option(id),
    attributes: fc.option(
      fc.dictionary(fc.string({ unit: odd, minLength: 1 }), fc.oneof(text, fc.integer(), fc.boolean())),
    ),
    addedAt: time,
    removedAt: fc.option(time),
    vector: fc.tuple(fc.constantFrom('mine', 'other'), fc.integer({ min: 1, max: 9 })),
  });
  const event = fc.record({
    user: fc.nat(3),
    item: fc.nat(9),
    what: fc.oneof(
      fc.record({ kind: fc.constantFrom('PURCHASE' as const, 'VIEW' as const, 'CART' as const, 'LIKE' as const) }),
      fc.record({
        kind: fc.constant('RATING' as const),
        rating: fc.option(fc.integer({ min: -9, max: 9 }), { nil: undefined }),
      }),
    ),
    occurredAt: time,
    hasId: fc.boolean(),
  });
  const shopOf = fc.record({
    ids: fc.uniqueArray(id, { minLength: 1, maxLength: 6 }),
    users: fc.uniqueArray(id, { minLength: 1, maxLength: 4 }),
    items: fc.array(item, { minLength: 6, maxLength: 6 }),
    events: fc.array(event, { maxLength: 20 }),
    hasVectors: fc.boolean(), // all items or none: no import takes vectors of some
  });

  type Shop = typeof shopOf extends fc.Arbitrary<infer T> ? T : never;

  async function fill({ database }: TestDatabase, { ids, users, items, events, hasVectors }: Shop): Promise<void> {
    await importCatalogue(database, {
      items: ids.map((externalId, i) => {
        const { removedAt, vector, ...rest } = items[i];
        const values = Float32Array.of(Math.cos(vector[1]), Math.sin(vector[1]));
        return {
          ...{ externalId, ...rest, removedAt: removedAt ?? undefined },
          vector: hasVectors ? { values, encoder: vector[0] } : null,
        };
      }),
      interactions: events.map(({ user, item, what, occurredAt, hasId }, n) => ({
        ...{ ...what, occurredAt, eventId: hasId ? `event "${n}"` : null },
        userExternalId: users[user % users.length],
        itemExternalId: ids[item % ids.length],
      })),
    });
  }

  /** Everything that callers gave, in an order that does not depend on the rows' ids. */
  async function contents({ database: { read } }: TestDatabase) {
    const items = await read.item.findMany({
      include: { vector: true, categoryRows: true },
      orderBy: { externalId: 'asc' },
    });
    const users = await read.user.findMany({
      include: {
        interactions: { include: { item: true }, orderBy: [{ occurredAt: 'asc' }, { id: 'asc' }] },
      },
      orderBy: { externalId: 'asc' },
    });
    return {
      items: items.map(({ id: _, vector, categoryRows, ...rest }) => ({
        ...rest,
        vector: vector && {
          encoder: vector.encoder,
          dims: vector.dims,
          bytes: Buffer.from(vector.data).toString('hex'),
        },
        names: categoryRows.map(({ name }) => name).sort(),
      })),
      histories: users.map(({ externalId, interactions }) => [
        externalId,
        interactions.map((row) => [row.item.externalId, row.kind, row.rating, row.occurredAt, row.eventId]),
      ]),
    };
  }

  async function withDatabases(work: (first: TestDatabase, second: TestDatabase) => Promise<void>): Promise<void> {
    const [first, second] = [await openTestDatabase(), await openTestDatabase()];
    try {
      await work(first, second);
    } finally {
      await first.dispose();
      await second.dispose();
    }
  }

  it('brings back everything, and adds nothing to the database that it came from', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(shopOf, (shop) =>
        withDatabases(async (first, second) => {
          const [out, back] = [join(dir, `${++runs}`), join(dir, `${runs}-back`)];
          await fill(first, shop);
          const before = await contents(first);
          await exportDataset(first.database, out);
          await importDataset(second.database, await readDataset(out));
          expect(await contents(second)).toEqual(before);
          await importDataset(first.database, await readDataset(out));
          await importDataset(second.database, await readDataset(out));
          await exportDataset(second.database, back);
          await importDataset(first.database, await readDataset(back));
          expect(await contents(first)).toEqual(before);
          expect(await contents(second)).toEqual(before);
        }),
      ),
      { numRuns: 6 },
    );
  }, 120_000);
});
