import { openTestDatabase, type TestDatabase } from '../../support/database';

/** So many take far longer than queries may follow one another. */
const CHAIN = 400;

describe('withTurns', () => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase();
  });
  afterAll(() => opened.dispose());

  /** @returns How often others had their turn meanwhile. */
  async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
    let turns = 0;
    let isDone = false;
    const count = () => {
      if (isDone) return;
      turns++;
      setImmediate(count);
    };
    setImmediate(count);
    await work();
    isDone = true;
    return turns;
  }

  it('lets others have their turns between the queries of a long chain', async () => {
    const turns = await turnsDuring(async () => {
      for (let i = 0; i < CHAIN; i++) await opened.database.read.item.count();
    });
    expect(turns).toBeGreaterThan(3);
  });

  it('does so within a transaction', async () => {
    const turns = await turnsDuring(() =>
      opened.database.write(async (transaction) => {
        for (let i = 0; i < CHAIN; i++) await transaction.user.create({ data: { externalId: `${i}` } });
      }),
    );
    expect(turns).toBeGreaterThan(3);
    expect(await opened.database.read.user.count()).toBe(CHAIN);
  });
});
