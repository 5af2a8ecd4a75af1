/** The catalogue of the running test: on both databases, or on SQLite alone. */
import type { ItemRecord, NewItemArgs } from '../../graphql/item/records';
import { Feedback } from '../../src/feedback/feedback';
import { type LoggedItem, readLogItems } from '../../src/storage/change-log-reads';
import { activateFakeModel, createTestCatalogue, emptyTables, type TestCatalogue } from './catalogue';
import { openTestDatabase, type TestDatabase } from './database';
import { DATABASES } from './postgres';
import { recomputedPrefixes, storedPrefixes } from './prefix-counts';

/** The database and the catalogue of the running test. */
export let opened: TestDatabase;
export let test: TestCatalogue;
export let tokenizerId: number;

/** Runs tests of the catalogue on both databases. */
export function describeCatalogue(name: string, tests: () => void): void {
  describe.each(DATABASES)(`${name} (%s)`, (_, open) => {
    useCatalogue(open);
    tests();
  });
}

/** Called in a `describe`: each of its tests begins with empty tables and a live fake model. */
export function useCatalogue(open: () => Promise<TestDatabase> = openTestDatabase): void {
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
}

/** Adds items titled "#a.b …", which get the codes [a, b] and the next collision token. */
export async function add(...items: (Partial<NewItemArgs> & { externalId: string })[]): Promise<ItemRecord[]> {
  const result = await test.catalogue.upsertItems(
    items.map((item) => ({ title: `#0.0 ${item.externalId}`, ...item })),
    true,
  );
  expect(result.userErrors).toEqual([]);
  return result.items as ItemRecord[];
}

/** @returns The item's whole semantic ID; null when it has none. */
export async function codesOf(itemId: number): Promise<readonly number[] | null> {
  const row = await opened.database.read.semanticId.findUnique({
    where: { tokenizerId_itemId: { tokenizerId, itemId } },
  });
  return row && row.codesKey.split('.').map(Number);
}

/** From now on no model version is active. */
export async function retireModels(): Promise<void> {
  await opened.database.write(({ modelVersion }) => modelVersion.updateMany({ data: { status: 'RETIRED' } }));
}

export interface LoggedChange {
  readonly kind: string;
  readonly tokenizerId: number | null;
  readonly items: readonly LoggedItem[];
}

/** The changes in the log, oldest first. */
export async function logged(): Promise<LoggedChange[]> {
  const { read } = opened.database;
  const rows = await read.catalogueLog.findMany({ orderBy: { version: 'asc' } });
  return Promise.all(
    rows.map(async ({ version, kind, payload }) => {
      const { tokenizerId } = payload as { tokenizerId: number | null };
      return { kind, tokenizerId, items: await readLogItems(read, version) };
    }),
  );
}

export async function expectCountsInStep(): Promise<void> {
  expect(await storedPrefixes(opened.database, tokenizerId)).toEqual(
    await recomputedPrefixes(opened.database, tokenizerId),
  );
}

export async function externalIds(page: Promise<{ edges: readonly { node: ItemRecord }[] }>): Promise<string[]> {
  return (await page).edges.map(({ node }) => node.externalId);
}

/** Shows an item to a user in a list. @returns Tells how many purchases count for that list. */
export async function showIn(
  placement: string,
  userExternalId: string,
  itemId: number,
): Promise<() => Promise<number>> {
  const { externalId } = (await opened.database.read.item.findUnique({ where: { id: itemId } }))!;
  const feedback = new Feedback({ ...test.services, live: test.popularity });
  const user = (await test.catalogue.user(userExternalId))?.id ?? userExternalId;
  const made = { key: placement, madeAt: new Date(), modelVersionId: null, armId: null };
  const listId = await feedback.listId({ ...made, placement, user, itemIds: [itemId] });
  const entry = { listId, itemExternalId: externalId, kind: 'SHOWN' as const };
  await feedback.record([entry], { atomic: true, known: [], user: null });
  return async () => {
    const placements = await feedback.placements({ days: 1, isDaily: false });
    return placements.find(({ name }) => name === placement)!.figures[0].purchased.count;
  };
}

/** @returns "CODE path" of each mistake. */
export function placesOf({
  userErrors,
}: {
  readonly userErrors: readonly { code: string; field?: readonly string[] | null }[];
}): string[] {
  return userErrors.map(({ code, field }) => `${code} ${field?.join('.')}`);
}
