import { allowLongPauses, type Transaction } from '../../../src/storage/transaction';
import { openTestPostgres } from '../../support/postgres';

describe('allowLongPauses', () => {
  const limit = (transaction: Transaction) =>
    transaction.$queryRaw`SELECT current_setting('idle_in_transaction_session_timeout') AS "limit"`;

  it('lets the one transaction say nothing for longer on PostgreSQL', async () => {
    const { database, dispose } = await openTestPostgres();
    const limits = await database.write(async (transaction) => {
      const before = await limit(transaction);
      await allowLongPauses(transaction);
      return [before, await limit(transaction)];
    });
    expect(limits).toEqual([[{ limit: '10s' }], [{ limit: '2min' }]]);
    expect(await database.writeAside(limit)).toEqual([{ limit: '10s' }]);
    await dispose();
  });
});
