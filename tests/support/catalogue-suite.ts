/** Runs tests of the catalogue on both databases. */
import type { ItemRecord, NewItemArgs } from '../../graphql/item/records';
import { activateFakeModel, createTestCatalogue, emptyTables, type TestCatalogue } from './catalogue';
import { openTestDatabase, type TestDatabase } from './database';
import { openTestPostgres } from './postgres';
import { recomputedPrefixes, storedPrefixes } from './prefix-counts';

/** The database and the catalogue of the running test. */
export let opened: TestDatabase;
export let test: TestCatalogue;
export let tokenizerId: number;

/** Each test begins with empty tables and a live fake model. */
export function describeCatalogue(name: string, tests: () => void): void {
  describe.each([
    ['sqlite', openTestDatabase],
    ['postgresql', openTestPostgres],
  ])(`${name} (%s)`, (_, open) => {
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.dispose());
    beforeEach(async () => {
      await emptyTables(opened);
      ({ tokenizerId } = await activateFakeModel(opened));
      test = createTestCatalogue(opened);
      await test.popularity.load(opened.database.read);
    });
    tests();
  });
}

/** Adds items titled "#a.b …", which get the codes [a, b] and the next collision token. */
export async function add(...items: (Partial<NewItemArgs> & { externalId: string })[]): Promise<ItemRecord[]> {
  const result = await test.catalogue.addItems(
    items.map((item) => ({ title: `#0.0 ${item.externalId}`, ...item })),
    true,
  );
  expect(result.userErrors).toEqual([]);
  return result.items as ItemRecord[];
}

export async function codesOf(itemId: number): Promise<readonly number[] | null> {
  const row = await opened.database.read.semanticId.findUnique({
    where: { tokenizerId_itemId: { tokenizerId, itemId } },
  });
  return row && row.codesKey.split('.').map(Number);
}

export async function expectCountsInStep(): Promise<void> {
  expect(await storedPrefixes(opened.database, tokenizerId)).toEqual(
    await recomputedPrefixes(opened.database, tokenizerId),
  );
}

export async function externalIds(page: Promise<{ edges: readonly { node: ItemRecord }[] }>): Promise<string[]> {
  return (await page).edges.map(({ node }) => node.externalId);
}
