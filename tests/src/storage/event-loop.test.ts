import type { SqlQueryable } from '@prisma/driver-adapter-utils';

import { forEachYielding, Yielder } from '../../../src/storage/event-loop';
import { sqliteAdapter } from '../../../src/storage/sqlite-adapter';

const QUERIES = 60;
const QUERY = { sql: 'SELECT 1', args: [], argTypes: [] };

/** A clock that goes on by so much whenever it is read. */
function clockOf(msPerLook: number): () => number {
  let now = 0;
  return () => (now += msPerLook);
}

/** @returns How often the event loop ran meanwhile. */
async function runsDuring(work: () => Promise<unknown>): Promise<number> {
  let runs = 0;
  let isDone = false;
  const count = () => {
    if (isDone) return;
    runs++;
    setImmediate(count);
  };
  setImmediate(count);
  await work();
  isDone = true;
  return runs;
}

async function queryMany(queryable: SqlQueryable): Promise<void> {
  for (let i = 0; i < QUERIES; i++) await queryable.queryRaw(QUERY);
}

describe('withYields', () => {
  /** @param msPerLook - What the clock shows as the time between two queries. */
  async function runsOfQueries(msPerLook: number, isTransaction: boolean): Promise<number> {
    const yielder = new Yielder(clockOf(msPerLook));
    const connection = await sqliteAdapter(':memory:', { yielder }).connect();
    const runs = await runsDuring(async () => {
      if (!isTransaction) return queryMany(connection);
      const transaction = await connection.startTransaction();
      await queryMany(transaction);
      await transaction.commit();
    });
    await connection.dispose();
    return runs;
  }

  it.each([
    ['a long chain of queries', false],
    ['a transaction', true],
  ])('lets the event loop run between the queries of %s when they take long', async (_, isTransaction) => {
    expect(await runsOfQueries(5, isTransaction)).toBeGreaterThanOrEqual(QUERIES);
  });

  it('lets the event loop run between works that many ask at once', async () => {
    let now = 0;
    const yielder = new Yielder(() => now);
    const ask = () => yielder.run(() => (now += 2)); // a query takes so long
    const runs = await runsDuring(() => Promise.all(Array.from({ length: QUERIES }, ask)));
    expect(runs).toBeGreaterThanOrEqual(QUERIES / 3 - 1); // three queries and their 6 ms, then a yield
  });
});

describe('forEachYielding', () => {
  it('visits all entries in their order, and lets the event loop run when they take long', async () => {
    const seen: [string, number][] = [];
    const entries = Array.from({ length: 640 }, (_, i) => `entry ${i}`);
    const visit = (entry: string, index: number) => void seen.push([entry, index]);
    const runs = await runsDuring(() => forEachYielding(entries, visit, new Yielder(clockOf(5))));
    expect(seen).toEqual(entries.map((entry, i) => [entry, i]));
    expect(runs).toBeGreaterThanOrEqual(10); // once for each 64
  });
});
