import type { NewAuditRecord } from '../../../graphql/audit/records';
import { AuditLog } from '../../../src/api/audit-log';
import { openTestDatabase } from '../../support/database';
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

  const openLog = (limits: { maxEntriesPerRole?: number; trimEvery?: number } = {}) =>
    new AuditLog({ database: opened.database, onFailure: (error) => Promise.reject(error as Error), ...limits });
  const outcomes = async (log: AuditLog) =>
    (await log.entries({ first: 100, after: null })).edges.map(({ node }) => node.outcome);
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

  it('stores the entry in the transaction of the change, and never says more than is known', async () => {
    const log = openLog();
    const before = await numUsers();
    await log.enter(ENTRY, async () => {
      await change();
      expect([await numUsers(), await storedOutcomes()]).toEqual([before + 1, ['STARTED']]);
      await change();
    });
    expect(await outcomes(log)).toEqual(['OK']);
  });

  it('stores neither when the transaction fails, and both when it succeeds at the second attempt', async () => {
    const log = openLog();
    const fail = () =>
      opened.database.write(async (transaction) => {
        await transaction.user.create({ data: { externalId: nextId() } });
        throw new Error('overtaken');
      });
    const before = await numUsers();
    await log.enter(ENTRY, async () => {
      await fail().catch(() => undefined);
      expect([await numUsers(), await outcomes(log)]).toEqual([before, []]);
      await change();
      expect([await numUsers(), await outcomes(log)]).toEqual([before + 1, ['STARTED']]);
    });
    await expect(log.enter(ENTRY, fail)).rejects.toThrow('overtaken');
    expect(await outcomes(log)).toEqual(['INTERNAL_SERVER_ERROR', 'OK']);
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

  it('stores the outcomes soon, also when nobody looks', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] });
    const log = openLog();
    await log.enter(ENTRY, change);
    await log.enter(ENTRY, async () => ({ ...(await change()), userErrors: [{ code: 'NOT_FOUND' }] }));
    jest.advanceTimersByTime(1_000);
    jest.useRealTimers();
    await new Promise(setImmediate);
    await opened.database.write(() => Promise.resolve()); // which waits for the write before it
    expect(await storedOutcomes()).toEqual(['NOT_FOUND', 'OK']);
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
    const log = openLog({ maxEntriesPerRole: 3, trimEvery: 1 });
    await log.enter(ENTRY, change);
    for (let i = 0; i < 10; i++) await log.enter({ ...ENTRY, role: 'STOREFRONT' }, refusal(String(i)));
    const { edges } = await log.entries({ first: 100, after: null });
    expect(edges.map(({ node }) => [node.role, node.outcome])).toEqual([
      ['STOREFRONT', '9'],
      ['STOREFRONT', '8'],
      ['STOREFRONT', '7'],
      ['ADMIN', 'OK'],
    ]);
  });

  it('keeps the newest entries also of processes that end after a few', async () => {
    for (let i = 0; i < 6; i++) await openLog({ maxEntriesPerRole: 3 }).enter(ENTRY, refusal(String(i)));
    expect(await storedOutcomes()).toHaveLength(3);
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
      onFailure: (_error, entry) => failures.push(entry),
    });
    const run = async () => ({ userErrors: [] });
    expect(await log.enter(ENTRY, run)).toEqual({ userErrors: [] });
    expect(failures).toMatchObject([ENTRY]);
    isBroken = false;
    await log.enter(ENTRY, run);
    expect((await log.entries({ first: 9, after: null })).edges).toHaveLength(1);
    await opened.dispose();
  });
});

let lastId = 0;
const nextId = () => `user-${++lastId}`;
