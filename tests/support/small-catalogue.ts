/** A catalogue on an SQLite file, empty and with a fake model live before each test: for the tests of one service. */
import type { Catalogue } from '../../src/catalogue/catalogue';
import { type LoggedItem, readLogItems } from '../../src/storage/change-log-reads';
import { activateFakeModel, createTestCatalogue, emptyTables, type TestCatalogue } from './catalogue';
import { openTestDatabase, type TestDatabase } from './database';

type Item = NonNullable<Awaited<ReturnType<Catalogue['item']>>>;
type NewItem = Parameters<Catalogue['addItems']>[0][number];

export interface SmallCatalogue {
  opened: TestDatabase;
  test: TestCatalogue;
  tokenizerId: number;
  /** Adds items, titled "#0.0 …" unless they say otherwise: a title "#a.b …" gives the codes [a, b]. */
  add(...items: (Partial<NewItem> & { externalId: string })[]): Promise<Item[]>;
  /** @returns The item's whole semantic ID; null when it has none. */
  codesOf(itemId: number): Promise<readonly number[] | null>;
  /** The changes in the log, oldest first. */
  logged(): Promise<LoggedChange[]>;
}

export interface LoggedChange {
  readonly kind: string;
  readonly tokenizerId: number | null;
  readonly items: readonly LoggedItem[];
}

/** Called in a `describe`; what it returns is filled in before the first test. */
export function smallCatalogue(): SmallCatalogue {
  const small = {
    async add(...items) {
      const rows = items.map((item) => ({ title: `#0.0 ${item.externalId}`, ...item }));
      const added = await small.test.catalogue.addItems(rows, true);
      expect(added.userErrors).toEqual([]);
      return added.items as Item[];
    },
    async codesOf(itemId) {
      const key = { tokenizerId: small.tokenizerId, itemId };
      const row = await small.opened.database.read.semanticId.findUnique({ where: { tokenizerId_itemId: key } });
      return row && row.codesKey.split('.').map(Number);
    },
    async logged(): Promise<LoggedChange[]> {
      const { read } = small.opened.database;
      const rows = await read.catalogueLog.findMany({ orderBy: { version: 'asc' } });
      return Promise.all(
        rows.map(async ({ version, kind, payload }) => {
          const { tokenizerId } = payload as { tokenizerId: number | null };
          return { kind, tokenizerId, items: await readLogItems(read, version) };
        }),
      );
    },
  } as SmallCatalogue;
  beforeAll(async () => {
    small.opened = await openTestDatabase();
  });
  afterAll(() => small.opened.dispose());
  beforeEach(async () => {
    await emptyTables(small.opened);
    ({ tokenizerId: small.tokenizerId } = await activateFakeModel(small.opened));
    small.test = createTestCatalogue(small.opened);
  });
  return small;
}
