import type { Database } from '../../../src/storage/database';
import {
  endLease,
  freeLeases,
  holdLease,
  keepLease,
  LeaseLostError,
  releaseLease,
  takeLease,
} from '../../../src/storage/leases';
import { describeOnBoth } from '../../support/postgres';

const NAME = 'training-job/1';
/** So long that it does not end during a test. */
const LONG = { durationMs: 600_000, prolongEveryMs: 5 };
/** A lease that has run out when it is taken. */
const SHORT = { durationMs: 0, prolongEveryMs: 5 };

describeOnBoth('leases', (opened) => {
  let database: Database;
  beforeAll(() => void ({ database } = opened));
  beforeEach(() => database.write(({ lease }) => lease.deleteMany()));

  const take = (times = LONG) => database.write((transaction) => takeLease(transaction, NAME, times));
  const hold = (fence: number) =>
    database.write(async (transaction) => {
      await holdLease(transaction, { name: NAME, fence }, LONG);
      await transaction.demoShop.upsert({ where: { id: 1 }, create: { id: 1, lastUserId: fence }, update: { lastUserId: fence } }); // prettier-ignore
    });
  const written = async () => (await database.read.demoShop.findUnique({ where: { id: 1 } }))?.lastUserId;

  it('gives a lease to one process at a time', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => take()));
    expect(all.filter((lease) => lease !== null)).toEqual([{ name: NAME, fence: 1 }]);
    expect(await freeLeases(database, [NAME, 'other'])).toEqual(['other']);
  });

  it('gives a lease that ran out to the next, and lets the former holder write nothing more', async () => {
    await take(SHORT);
    await hold(1); // nobody else has it yet
    await database.write((transaction) => releaseLease(transaction, { name: NAME, fence: 1 }));
    await expect(hold(1)).rejects.toThrow(LeaseLostError);
    expect(await freeLeases(database, [NAME])).toEqual([NAME]);
    expect(await take()).toEqual({ name: NAME, fence: 2 });
    await expect(hold(1)).rejects.toThrow(LeaseLostError);
    await database.write((transaction) => releaseLease(transaction, { name: NAME, fence: 1 }));
    expect(await freeLeases(database, [NAME])).toEqual([]);
    await hold(2);
    expect(await written()).toBe(2);
  });

  it('takes the time from the database, whatever the process believes', async () => {
    const minuteAhead = jest.spyOn(Date, 'now').mockImplementation(() => 4e12);
    try {
      await take();
      expect(await take()).toBeNull();
    } finally {
      minuteAhead.mockRestore();
    }
    const { expiresAt } = await database.read.lease.findUniqueOrThrow({ where: { name: NAME } });
    expect(Math.abs(expiresAt.getTime() - Date.now() - LONG.durationMs)).toBeLessThan(60_000);
  });

  it('prolongs a lease until it is lost, also while a long transaction is open', async () => {
    const lease = await database.write((transaction) => takeLease(transaction, NAME, SHORT));
    const lost = new Promise<Error>((onLost) => keepLease(database, lease!, { times: LONG, onLost }));
    const isPostgresql = database.provider === 'postgresql';
    const untilHeld = async () => {
      while ((await freeLeases(database, [NAME])).length > 0);
    };
    await (isPostgresql ? database.write(untilHeld) : untilHeld());
    await database.write((transaction) => endLease(transaction, NAME));
    expect((await lost).message).toContain(NAME);
  });
});
