import { DatabaseError, isDatabaseFault, reasonOf, untilAnswered } from '../../../src/storage/database-error';
import { openTestDatabase, type TestDatabase, useTestDatabase } from '../../support/database';
import { describeOnBoth } from '../../support/postgres';

const errorWith = (details: object) => Object.assign(new Error('failed'), details);
const ofDriver = (cause: object) =>
  errorWith({ name: 'PrismaClientKnownRequestError', code: 'P2010', meta: { driverAdapterError: { cause } } });

describe('isDatabaseFault', () => {
  it.each([
    ['an error of ours', new DatabaseError('away')],
    ['a refused connection', errorWith({ code: 'ECONNREFUSED' })],
    ['a lock that was not free in time', errorWith({ code: '55P03' })],
    ['a server that says nothing', new Error('Query read timeout')],
    ['a broken connection', new Error('Connection terminated unexpectedly')],
    ['a transaction that Prisma could not begin', errorWith({ name: 'PrismaClientKnownRequestError', code: 'P2028' })],
    ['what Prisma cannot name', errorWith({ name: 'PrismaClientUnknownRequestError' })],
  ])('is true of %s', (_, error) => {
    expect(isDatabaseFault(error)).toBe(true);
  });

  it.each([
    ['an error of the program', new Error('x is not a function')],
    ['what is no error', 'Connection terminated'],
    ['a broken constraint', errorWith({ name: 'PrismaClientKnownRequestError', code: 'P2002' })],
    ['a constraint that the driver names', ofDriver({ kind: 'UniqueConstraintViolation' })],
    ['a syntax error of SQL', ofDriver({ kind: 'postgres', originalCode: '42601' })],
  ])('is false of %s', (_, error) => {
    expect(isDatabaseFault(error)).toBe(false);
  });

  describeOnBoth('of real refusals', (opened) => {
    it.each<[string, (database: TestDatabase['database']) => Promise<unknown>]>([
      ['a key that is taken', ({ write }) => write((transaction) => transaction.user.createMany({ data: [{ externalId: 'a' }, { externalId: 'a' }] }))],
      ['a row that is not there', ({ write }) => write((transaction) => transaction.user.update({ where: { id: 9 }, data: { externalId: 'b' } }))],
      ['SQL that is wrong', ({ read }) => read.$queryRaw`SELECT FROM WHERE`],
    ])('is false of %s', async (_name, refused) => {
      const error = await refused(opened.database).catch((each: unknown) => each);
      expect(error).toBeInstanceOf(Error);
      expect(isDatabaseFault(error)).toBe(false);
    }); // prettier-ignore
  });
});

describe('reasonOf', () => {
  it('says what to do about an authority that Node does not know', () => {
    const error = errorWith({ code: 'SELF_SIGNED_CERT_IN_CHAIN' });
    expect(reasonOf(error)).toMatch(/^failed; add sslrootcert=FILE .* or sslmode=no-verify, to the address$/);
  });

  it('leaves out what Prisma says before the words of the database', async () => {
    const { database, dispose } = await openTestDatabase();
    const error: unknown = await database.read.$queryRawUnsafe('SELECT nowhere').catch((refused: unknown) => refused);
    await dispose();
    expect(reasonOf(error)).toBe('no such column: nowhere');
  });
});

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
});

describe('isDatabaseFault', () => {
  const opened = useTestDatabase();

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

  it.each(['SQLITE_FULL', '58030'])('takes %s, which a commit can meet, for a fault', (code) => {
    const error = Object.assign(new Error('the end of a transaction'), { name: 'LibsqlError', code });
    expect(isDatabaseFault(error)).toBe(true);
  });
});
