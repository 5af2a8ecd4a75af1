import type { NewAuditRecord } from '../../../graphql/audit/records';
import { AuditLog } from '../../../src/api/audit-log';
import { describeOnBoth } from '../../support/postgres';

const ENTRY: NewAuditRecord = {
  role: 'ADMIN',
  caller: 'shop',
  apiKeyId: 1,
  mutation: 'upsertItems',
  input: '{"items":"1 entries"}',
};

describeOnBoth('AuditLog', (opened) => {
  beforeEach(() => opened.database.write((transaction) => transaction.auditEntry.deleteMany()));

  const openLog = (limits: { maxEntriesPerRole?: number } = {}) =>
    new AuditLog({ database: opened.database, onFailure: (error) => Promise.reject(error as Error), ...limits });
  /** What a process leaves that is killed now. */
  const storedOutcomes = async () =>
    (await opened.database.read.auditEntry.findMany({ orderBy: { id: 'desc' } })).map(({ outcome }) => outcome);
  const refusal = (code: string) => async () => ({ userErrors: [{ code }] });
  /** A mutation that changes something. */
  const change = () =>
    opened.database.write((transaction) => transaction.user.create({ data: { externalId: nextId() } }));
  const numUsers = () => opened.database.read.user.count();

  it('gives pages, newest first', async () => {
    const log = openLog();
    for (const code of ['1', '2', '3']) await log.enter(ENTRY, refusal(code));
    const first = await log.entries({ first: 2, after: null });
    expect(first.edges.map(({ node }) => node.outcome)).toEqual(['3', '2']);
    expect(first.edges[1].node).toMatchObject({ ...ENTRY, outcome: '2', at: expect.any(Date) });
    const second = await log.entries({ first: 2, after: first.edges[1].cursor });
    expect(second).toMatchObject({ edges: [{ node: { outcome: '1' } }], hasNextPage: false });
  });

  it('stores the entry before the caller hears of the end of the mutation', async () => {
    const log = openLog();
    await log.enter(ENTRY, change);
    expect(await storedOutcomes()).toEqual(['OK']);
    await expect(log.enter(ENTRY, () => Promise.reject(new Error('overtaken')))).rejects.toThrow('overtaken');
    expect(await storedOutcomes()).toEqual(['INTERNAL_SERVER_ERROR', 'OK']);
  });

  it('forgets the names of erased users, and nothing else', async () => {
    const log = openLog();
    const names = ['storefront user ann', 'storefront user annika', 'storefront user ann'];
    for (const caller of names) await log.enter({ ...ENTRY, role: 'STOREFRONT', caller, apiKeyId: null }, change);
    await log.enter({ ...ENTRY, caller: 'storefront user ann' }, change); // a key of that name
    await log.forgetUsers(['ann', 'nobody']);
    const { edges } = await log.entries({ first: 9, after: null });
    expect(edges.map(({ node }) => [node.caller, node.outcome])).toEqual([
      ['storefront user ann', 'OK'],
      ['erased storefront user', 'OK'],
      ['storefront user annika', 'OK'],
      ['erased storefront user', 'OK'],
    ]);
  });

  it('loses none of many at once, each with its own change', async () => {
    const log = openLog();
    const before = await numUsers();
    const mutations = Array.from({ length: 50 }, (_, i) => log.enter({ ...ENTRY, caller: String(i) }, change));
    await Promise.all(mutations);
    const { edges } = await log.entries({ first: 100, after: null });
    expect(new Set(edges.map(({ node }) => node.caller)).size).toBe(50);
    expect([edges.length, await numUsers()]).toEqual([50, before + 50]);
  });

  it('keeps the newest of each role, whatever another role does', async () => {
    const limits = { maxEntriesPerRole: 3 };
    await openLog(limits).enter(ENTRY, change);
    for (let i = 0; i < 10; i++) await openLog(limits).enter({ ...ENTRY, role: 'STOREFRONT' }, refusal(String(i)));
    const { edges } = await openLog().entries({ first: 100, after: null });
    expect(edges.map(({ node }) => [node.role, node.outcome])).toEqual([
      ['STOREFRONT', '9'],
      ['STOREFRONT', '8'],
      ['STOREFRONT', '7'],
      ['ADMIN', 'OK'],
    ]);
  });
});

let lastId = 0;
const nextId = () => `user-${++lastId}`;
