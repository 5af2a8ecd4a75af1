import { openDatabase } from '../../../src/storage/database';
import { DatabaseError, isDatabaseFault, NewerTablesError, reasonOf } from '../../../src/storage/database-error';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { openTestPostgres, startPostgres } from '../../support/postgres';

const errorWith = (details: object) => Object.assign(new Error('failed'), details);
const ofDriver = (cause: object) =>
  errorWith({ name: 'PrismaClientKnownRequestError', code: 'P2010', meta: { driverAdapterError: { cause } } });

describe('isDatabaseFault', () => {
  it.each([
    ['an error of ours', new DatabaseError('away')],
    ['tables of a newer version', new NewerTablesError('newer')],
    ['such an error from another thread', errorWith({ name: 'DatabaseError' })],
    ['a refused connection', errorWith({ code: 'ECONNREFUSED' })],
    ['a name without an address', errorWith({ code: 'ENOTFOUND' })],
    ['a server that shuts down', errorWith({ code: '57P01' })],
    ['too many connections', errorWith({ code: '53300' })],
    ['a lock that was not free in time', errorWith({ code: '55P03' })],
    ['a server that says nothing', new Error('Query read timeout')],
    ['a broken connection', new Error('Connection terminated unexpectedly')],
    ['a transaction that Prisma could not begin', errorWith({ name: 'PrismaClientKnownRequestError', code: 'P2028' })],
    ['a full disk of SQLite', ofDriver({ kind: 'sqlite', originalCode: '13' })],
    ['a locked SQLite file', ofDriver({ kind: 'sqlite', originalCode: '5' })],
    ['what Prisma cannot name', errorWith({ name: 'PrismaClientUnknownRequestError' })],
  ])('is true of %s', (_, error) => {
    expect(isDatabaseFault(error)).toBe(true);
  });

  it.each([
    ['an error of the program', new Error('x is not a function')],
    ['what is no error', 'Connection terminated'],
    ['a broken constraint', errorWith({ name: 'PrismaClientKnownRequestError', code: 'P2002' })],
    ['a row that is not there', errorWith({ name: 'PrismaClientKnownRequestError', code: 'P2025' })],
    ['a query that Prisma refuses', errorWith({ name: 'PrismaClientValidationError' })],
    ['a constraint that the driver names', ofDriver({ kind: 'UniqueConstraintViolation' })],
    ['a syntax error of SQL', ofDriver({ kind: 'postgres', originalCode: '42601' })],
    ['wrong SQL on SQLite', ofDriver({ kind: 'sqlite', originalCode: '1' })],
    ['a division by zero', ofDriver({ kind: 'postgres', originalCode: '22012' })],
  ])('is false of %s', (_, error) => {
    expect(isDatabaseFault(error)).toBe(false);
  });

  describe.each([
    ['sqlite', openTestDatabase],
    ['postgresql', openTestPostgres],
  ])('of real refusals on %s', (_, open) => {
    let opened: TestDatabase;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.dispose());

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

  it('is true of what a query meets when PostgreSQL is gone', async () => {
    const server = await startPostgres();
    const database = await openDatabase(server.url);
    await server.dispose();
    const error = await database.read.item.count().catch((each: unknown) => each);
    expect(isDatabaseFault(error)).toBe(true);
    await database.dispose();
  });
});

describe('reasonOf', () => {
  it('says what to do about an authority that Node does not know', () => {
    const error = errorWith({ code: 'SELF_SIGNED_CERT_IN_CHAIN' });
    expect(reasonOf(error)).toMatch(/^failed; add sslrootcert=FILE .* or sslmode=no-verify, to the address$/);
  });

  it('says what to do when another process holds a lock for too long', () => {
    const error = Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' });
    expect(reasonOf(error)).toBe(
      'canceling statement due to lock timeout; another process has held its lock all the time: try again',
    );
  });

  it('names each reason of a connection that was tried at several addresses', () => {
    expect(reasonOf(new AggregateError([new Error('one'), new Error('two')]))).toBe('one; two');
  });

  it('leaves out what Prisma says before the words of the database', async () => {
    const { database, dispose } = await openTestDatabase();
    const error: unknown = await database.read.$queryRawUnsafe('SELECT nowhere').catch((refused: unknown) => refused);
    await dispose();
    expect(reasonOf(error)).toBe('no such column: nowhere');
  });
});
