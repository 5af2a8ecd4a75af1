import { setTimeout as sleep } from 'node:timers/promises';

import type { Transaction } from '../../../src/storage/transaction';
import { openTestDatabase, type TestDatabase } from '../../support/database';

describe('WriteQueue', () => {
  let opened: TestDatabase;
  beforeEach(async () => void (opened = await openTestDatabase()));
  afterEach(() => opened.dispose());

  const add = (name: string) => (transaction: Transaction) =>
    transaction.user.create({ data: { externalId: name } }).then(() => undefined);
  const names = async () => {
    const users = await opened.database.read.user.findMany({ orderBy: { id: 'asc' } });
    return users.map(({ externalId }) => externalId);
  };

  it('runs one transaction after another, in the order in which they were asked for', async () => {
    const steps: string[] = [];
    const slow = (name: string) =>
      opened.database.write(async (transaction) => {
        steps.push(`${name} begins`);
        await add(name)(transaction);
        await sleep(5);
        steps.push(`${name} ends`);
      });
    await Promise.all(['ann', 'bob', 'eve'].map(slow));
    expect(steps).toEqual(['ann', 'bob', 'eve'].flatMap((name) => [`${name} begins`, `${name} ends`]));
    expect(await names()).toEqual(['ann', 'bob', 'eve']);
  });
});
