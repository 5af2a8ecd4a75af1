import type { NewAuditRecord } from '../../../graphql/audit/records';
import { AuditLog } from '../../../src/api/audit-log';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { openTestPostgres } from '../../support/postgres';

const ENTRY: NewAuditRecord = {
  role: 'ADMIN',
  caller: 'shop',
  apiKeyId: 1,
  mutation: 'addItems',
  input: '{"items":"1 entries"}',
  outcome: 'OK',
};

describe.each([
  ['SQLite', openTestDatabase],
  ['PostgreSQL', openTestPostgres],
])('AuditLog on %s', (_name, open) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.dispose());
  beforeEach(() => opened.database.write((transaction) => transaction.auditEntry.deleteMany()));

  const openLog = (limits: { maxEntriesPerRole?: number; trimEvery?: number } = {}) =>
    new AuditLog({ database: opened.database, onFailure: (error) => Promise.reject(error as Error), ...limits });

  it('gives pages, newest first', async () => {
    const log = openLog();
    for (const outcome of ['1', '2', '3']) await log.record({ ...ENTRY, outcome });
    const first = await log.entries({ first: 2, after: null });
    expect(first.edges.map(({ node }) => node.outcome)).toEqual(['3', '2']);
    expect(first.edges[1].node).toMatchObject({ ...ENTRY, outcome: '2', at: expect.any(Date) });
    const second = await log.entries({ first: 2, after: first.edges[1].cursor });
    expect(second).toMatchObject({ edges: [{ node: { outcome: '1' } }], hasNextPage: false });
  });

  it('has an entry when the promise resolves, and loses none of many at once', async () => {
    const log = openLog();
    const count = () => opened.database.read.auditEntry.count();
    await log.record(ENTRY);
    expect(await count()).toBe(1);
    await Promise.all(Array.from({ length: 50 }, () => log.record(ENTRY)));
    expect(await count()).toBe(51);
  });

  it('keeps the newest of each role, whatever another role does', async () => {
    const log = openLog({ maxEntriesPerRole: 3, trimEvery: 1 });
    await log.record(ENTRY);
    for (let i = 0; i < 10; i++) await log.record({ ...ENTRY, role: 'STOREFRONT', outcome: String(i) });
    const { edges } = await log.entries({ first: 100, after: null });
    expect(edges.map(({ node }) => [node.role, node.outcome])).toEqual([
      ['STOREFRONT', '9'],
      ['STOREFRONT', '8'],
      ['STOREFRONT', '7'],
      ['ADMIN', 'OK'],
    ]);
  });
});

describe('AuditLog', () => {
  it('tells of entries that could not be written, and goes on', async () => {
    const opened = await openTestDatabase();
    const { database } = opened;
    const failures: unknown[] = [];
    let isBroken = true;
    const write: typeof database.write = (work) =>
      isBroken ? Promise.reject(new Error('full')) : database.write(work);
    const log = new AuditLog({
      database: { ...database, write },
      onFailure: (_error, entries) => failures.push(...entries),
    });
    await log.record(ENTRY);
    expect(failures).toMatchObject([ENTRY]);
    isBroken = false;
    await log.record(ENTRY);
    expect((await log.entries({ first: 9, after: null })).edges).toHaveLength(1);
    await opened.dispose();
  });
});
