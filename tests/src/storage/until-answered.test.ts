import { PrismaClient } from '../../../prisma/generated/sqlite/client';
import { isDatabaseFault, untilAnswered } from '../../../src/storage/database-error';
import { sqliteAdapter } from '../../../src/storage/sqlite-adapter';
import { sqlitePath } from '../../../src/storage/sqlite-snapshot';
import { openTestDatabase, type TestDatabase } from '../../support/database';

const LOCKED = Object.assign(new Error('Operation has timed out'), {
  name: 'PrismaClientKnownRequestError',
  code: 'P1008',
});

const never = new AbortController().signal;
const fail = (error: unknown) => {
  throw error;
};

describe('untilAnswered', () => {
  it('repeats until there is an answer, and tells of the first fault alone', async () => {
    const outcomes = [LOCKED, LOCKED, null];
    const faults: unknown[] = [];
    const work = async () => {
      const error = outcomes.shift();
      if (error) throw error;
      return 'stored';
    };
    expect(await untilAnswered(work, { onFault: (error) => faults.push(error), signal: never })).toBe('stored');
    expect(faults).toEqual([LOCKED]);
  });

  it('throws at once what a repetition would only bring again', async () => {
    const work = jest.fn(() => Promise.reject(new TypeError('codes is not iterable')));
    await expect(untilAnswered(work, { onFault: fail, signal: never })).rejects.toThrow('codes is not iterable');
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('throws when a transaction takes longer than one may for the third time', async () => {
    const opened = await openTestDatabase();
    const client = new PrismaClient({ adapter: sqliteAdapter(sqlitePath(opened.url)) });
    const slow = jest.fn(() =>
      client.$transaction(
        async (transaction) => {
          while (true) await transaction.user.count();
        },
        { timeout: 1 },
      ),
    );
    const faults: unknown[] = [];
    const answered = untilAnswered(slow, { onFault: (error) => faults.push(error), signal: never });
    await expect(answered).rejects.toThrow('timeout for this transaction was 1 ms');
    expect(slow).toHaveBeenCalledTimes(3);
    expect(faults).toHaveLength(1);
    await client.$disconnect();
    await opened.dispose();
  });

  it('ends when it is aborted between two attempts', async () => {
    const stop = new AbortController();
    const work = () => Promise.reject(LOCKED);
    const ended = untilAnswered(work, { onFault: () => stop.abort(), signal: stop.signal });
    await expect(ended).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('isDatabaseFault', () => {
  let opened: TestDatabase;

  beforeAll(async () => {
    opened = await openTestDatabase();
  });
  afterAll(() => opened.dispose());

  const errorOf = (work: Parameters<TestDatabase['database']['write']>[0]) =>
    opened.database.write(work).then(
      () => null,
      (error: unknown) => error,
    );

  it('takes a full disk for a fault, in a query of Prisma as in raw SQL', async () => {
    const text = 'x'.repeat(1e6);
    await opened.database.write((transaction) => transaction.$queryRawUnsafe('PRAGMA max_page_count = 60'));
    const ofPrisma = await errorOf(({ user }) => user.create({ data: { externalId: text } }));
    const ofSql = await errorOf(
      (transaction) => transaction.$executeRaw`INSERT INTO "User"("externalId") VALUES (${text})`,
    );
    await opened.database.write((transaction) => transaction.$queryRawUnsafe('PRAGMA max_page_count = 100000'));
    expect([ofPrisma, ofSql].map(isDatabaseFault)).toEqual([true, true]);
  });

  it('takes a broken constraint, a missing row and a wrong argument for answers, in Prisma as in raw SQL', async () => {
    const point = { jobId: 99, metric: 'm', step: 1, value: 1 };
    const refused = [
      await errorOf(({ metricPoint }) => metricPoint.createMany({ data: [point] })),
      await errorOf((transaction) => transaction.$executeRaw`INSERT INTO "MetricPoint" VALUES (99, 'm', 1, 1)`),
      await errorOf(({ trainingJob }) => trainingJob.update({ where: { id: 99 }, data: { status: 'FAILED' } })),
      await errorOf(({ trainingJob }) => trainingJob.findMany({ where: { nothing: 1 } as never })),
    ];
    expect(refused).not.toContain(null);
    expect(refused.map(isDatabaseFault)).toEqual([false, false, false, false]);
  });

  it.each(['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_READONLY_DBMOVED', '53100', '58030'])(
    'takes %s, which a commit can meet, for a fault',
    (code) => {
      const error = Object.assign(new Error('the end of a transaction'), { name: 'LibsqlError', code });
      expect(isDatabaseFault(error)).toBe(true);
    },
  );

  it('takes a lock for a fault, and other errors for none', () => {
    expect(isDatabaseFault(LOCKED)).toBe(true);
    expect(isDatabaseFault(new Error('out of memory'))).toBe(false);
    expect(isDatabaseFault('text')).toBe(false);
  });
});
