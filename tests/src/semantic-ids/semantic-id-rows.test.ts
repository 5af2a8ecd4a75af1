import fc from 'fast-check';

import {
  countPrefixes,
  recountPrefixes,
  writeSemanticIds,
  repairPrefixes,
} from '../../../src/semantic-ids/semantic-id-rows';
import { storeFakeModel, activateFakeModel, createTestCatalogue, emptyTables } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { openTestPostgres } from '../../support/postgres';
import { recomputedPrefixes, storedPrefixes } from '../../support/prefix-counts';
import { smallCatalogue } from '../../support/small-catalogue';

const code = fc.nat(2);
const semanticId = fc.tuple(code, code, code).map((codes): readonly number[] => codes);

describe('countPrefixes', () => {
  const small = smallCatalogue();

  it('keeps the counts of all nodes in step with the IDs, through any changes', async () => {
    const items = (await small.add(...Array.from({ length: 6 }, (_, i) => ({ externalId: `${i}` })))).map(
      ({ id }) => id,
    );
    const { database } = small.opened;
    /** Each item's ID, null for none; no ID twice. */
    const world = fc
      .tuple(fc.uniqueArray(semanticId, { minLength: 6, maxLength: 6, selector: String }), fc.array(fc.boolean()))
      .map(([ids, isOut]) => ids.map((id, i) => (isOut[i] ? null : id)));
    const present: (readonly number[] | null)[] = [];
    for (const itemId of items) present.push(await small.codesOf(itemId));
    await fc.assert(
      fc.asyncProperty(world, async (next) => {
        const changes = items.map((itemId, i) => ({ itemId, before: present[i], after: next[i] }));
        await database.write(async (transaction) => {
          await transaction.semanticId.deleteMany();
          const rows = items.flatMap((itemId, i) => (next[i] === null ? [] : [{ itemId, codes: next[i] }]));
          await writeSemanticIds(transaction, small.tokenizerId, rows);
          await countPrefixes(transaction, small.tokenizerId, changes);
        });
        present.splice(0, present.length, ...next);
        const expected = await recomputedPrefixes(database, small.tokenizerId);
        expect(await storedPrefixes(database, small.tokenizerId)).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });
});

describe('recountPrefixes', () => {
  const small = smallCatalogue();

  it('leaves the counts of other tokenizers as they are', async () => {
    await small.add({ externalId: 'a', title: '#1.1 a' });
    const { database } = small.opened;
    const expected = await storedPrefixes(database, small.tokenizerId);
    const other = await storeFakeModel(small.opened, { number: 2, status: 'TRAINED' });
    await database.write((transaction) => recountPrefixes(transaction, other.tokenizerId));
    expect(await storedPrefixes(database, small.tokenizerId)).toEqual(expected);
    expect(await storedPrefixes(database, other.tokenizerId)).toEqual({});
    const change = { before: null, after: [1, 1, 0] };
    await database.write((transaction) => countPrefixes(transaction, other.tokenizerId, [change]));
    expect(await storedPrefixes(database, other.tokenizerId)).toEqual(expected);
    await database.write((transaction) =>
      countPrefixes(transaction, other.tokenizerId, [{ before: change.after, after: null }]),
    );
    expect(await storedPrefixes(database, other.tokenizerId)).toEqual({});
    expect(await storedPrefixes(database, small.tokenizerId)).toEqual(expected);
  });

  it('counts live items anew, whatever was counted before', async () => {
    const [a] = await small.add(
      { externalId: 'a', title: '#1.1 a' },
      { externalId: 'b', title: '#1.1 b' },
      { externalId: 'c', title: '#1.2 c' },
    );
    await small.test.catalogue.removeItems([a.id]);
    const { database } = small.opened;
    const expected = await storedPrefixes(database, small.tokenizerId);
    await database.write(async (transaction) => {
      await transaction.semanticIdPrefix.updateMany({ data: { itemCount: 7 } });
      await transaction.semanticIdPrefix.create({
        data: { tokenizerId: small.tokenizerId, level: 1, prefixKey: '0003', itemCount: 1 },
      });
      await recountPrefixes(transaction, small.tokenizerId);
    });
    expect(await storedPrefixes(database, small.tokenizerId)).toEqual(expected);
  });

  it('counts more IDs than one query reads, in whatever order they were written', async () => {
    const { database } = small.opened;
    const data = Array.from({ length: 600 }, (_, i) => ({ externalId: `${i}`, title: '', searchTitle: '' }));
    await database.write(async (transaction) => {
      await transaction.item.createMany({ data });
      const items = await transaction.item.findMany({ select: { id: true }, orderBy: { id: 'desc' } });
      const rows = items.map(({ id }, i) => ({ itemId: id, codes: [i % 7, Math.floor(i / 70), i % 70] }));
      await writeSemanticIds(transaction, small.tokenizerId, rows);
      await recountPrefixes(transaction, small.tokenizerId);
    });
    const expected = await recomputedPrefixes(database, small.tokenizerId);
    expect(expected['0:']).toBe(600);
    expect(await storedPrefixes(database, small.tokenizerId)).toEqual(expected);
  });
});

describe('writeSemanticIds', () => {
  const small = smallCatalogue();

  it('puts new IDs in the place of the old ones, and lets items swap', async () => {
    const [a, b, c] = await small.add(
      { externalId: 'a', title: '#1.1 a' },
      { externalId: 'b', title: '#2.2 b' },
      { externalId: 'c', title: '#3.3 c' },
    );
    await small.opened.database.write((transaction) =>
      writeSemanticIds(transaction, small.tokenizerId, [
        { itemId: a.id, codes: [2, 2, 0] },
        { itemId: b.id, codes: [1, 1, 0] },
      ]),
    );
    expect(await Promise.all([a, b, c].map(({ id }) => small.codesOf(id)))).toEqual([
      [2, 2, 0],
      [1, 1, 0],
      [3, 3, 0],
    ]);
  });
});

describe.each([
  ['sqlite', openTestDatabase],
  ['postgresql', openTestPostgres],
])('repairPrefixes (%s)', (_, open) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.dispose());
  beforeEach(() => emptyTables(opened));

  it('has nothing to do without an active tokenizer, or with right counts', async () => {
    expect(await repairPrefixes(opened.database)).toEqual({ prefixes: 0, wrong: 0 });
    await activateFakeModel(opened);
    await createTestCatalogue(opened).catalogue.addItems([{ externalId: 'a', title: '#1.2 a' }], true);
    expect(await repairPrefixes(opened.database)).toEqual({ prefixes: 4, wrong: 0 }); // root, 1, 1.2, 1.2.0
  });

  it('mends a wrong count, a missing prefix and one too many', async () => {
    const { tokenizerId } = await activateFakeModel(opened);
    const added = ['#1.2 a', '#1.3 b', '#2.2 c'].map((title) => ({ externalId: title, title }));
    await createTestCatalogue(opened).catalogue.addItems(added, true);
    await opened.database.write(async ({ semanticIdPrefix }) => {
      await semanticIdPrefix.updateMany({ where: { tokenizerId, level: 0 }, data: { itemCount: 9 } });
      await semanticIdPrefix.deleteMany({ where: { tokenizerId, level: 2, prefixKey: '0002.0002' } });
      await semanticIdPrefix.create({ data: { tokenizerId, level: 1, prefixKey: '0003', itemCount: 1 } });
    });
    expect(await repairPrefixes(opened.database)).toEqual({ prefixes: 9, wrong: 3 });
    expect(await storedPrefixes(opened.database, tokenizerId)).toEqual(
      await recomputedPrefixes(opened.database, tokenizerId),
    );
  });

  it('compares more prefixes than one query reads, and leaves those of other tokenizers', async () => {
    const former = await storeFakeModel(opened, {
      number: 1,
      status: 'RETIRED',
      fake: { numLevels: 5, codebookSize: 4 },
    });
    const { tokenizerId } = await activateFakeModel(opened, 2);
    const prefixes = (id: number, level: number, count: number) =>
      Array.from({ length: count }, (_prefix, i) => ({
        tokenizerId: id,
        level,
        prefixKey: `${String(i).padStart(4, '0')}`,
        itemCount: 1,
      }));
    await opened.database.write(({ semanticIdPrefix }) =>
      semanticIdPrefix.createMany({
        data: [...prefixes(tokenizerId, 1, 2_500), ...prefixes(former.tokenizerId, 5, 3)],
      }),
    );
    expect(await repairPrefixes(opened.database)).toEqual({ prefixes: 0, wrong: 2_500 });
    const left = await opened.database.read.semanticIdPrefix.findMany();
    expect(left.map((row) => row.tokenizerId)).toEqual(new Array(3).fill(former.tokenizerId));
  });
});
