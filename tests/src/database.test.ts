import { openTestDatabase } from '../support/database';
import { openTestPostgres } from '../support/postgres';

describe.each([
  ['sqlite', openTestDatabase],
  ['postgresql', openTestPostgres],
])('openDatabase (%s)', (_, open) => {
  let opened: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.dispose());

  it('keeps what a transaction wrote, and shows nothing of it before', async () => {
    const { database } = opened;
    const before = await database.write(async (transaction) => {
      await transaction.user.create({ data: { externalId: 'ann' } });
      return database.read.user.count();
    });
    expect(before).toBe(0);
    expect(await database.read.user.count()).toBe(1);
  });

  it('undoes a transaction that throws', async () => {
    const { database } = opened;
    const failing = database.write(async (transaction) => {
      await transaction.user.create({ data: { externalId: 'bob' } });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await database.read.user.findUnique({ where: { externalId: 'bob' } })).toBeNull();
  });
});
