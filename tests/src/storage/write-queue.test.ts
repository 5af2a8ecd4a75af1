import { setTimeout as sleep } from 'node:timers/promises';

import type { Transaction } from '../../../src/storage/transaction';
import { type Addition, addToNextWrite } from '../../../src/storage/write-queue';
import { openTestDatabase, type TestDatabase, useTestDatabase } from '../../support/database';

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

describe('addToNextWrite', () => {
  const opened = useTestDatabase();
  beforeEach(() => opened.database.write(({ user }) => user.deleteMany()));

  const add = (externalId: string) => opened.database.write(({ user }) => user.create({ data: { externalId } }));
  const names = async () =>
    (await opened.database.read.user.findMany({ orderBy: { id: 'asc' } })).map(({ externalId }) => externalId);
  const note = (externalId = 'note'): Addition<string> => ({
    add: async ({ user }) => (await user.create({ data: { externalId } })).externalId,
    stored: null,
  });

  it('stores the addition with the first transaction, and with no further one', async () => {
    const addition = note();
    await addToNextWrite(addition, async () => {
      await add('first');
      await add('second');
    });
    expect(await names()).toEqual(['first', 'note', 'second']);
    expect(addition.stored).toBe('note');
  });

  it('undoes the transaction when the addition fails', async () => {
    const addition: Addition<never> = { add: () => Promise.reject(new Error('no room')), stored: null };
    await expect(addToNextWrite(addition, () => add('with it'))).rejects.toThrow('no room');
    expect(await names()).toEqual([]);
  });
});
