import { setTimeout as sleep } from 'node:timers/promises';

import type { Transaction } from '../../../src/storage/transaction';
import { addToNextWrite } from '../../../src/storage/write-queue';
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

  it('keeps nothing of a transaction that fails, and goes on with the next', async () => {
    const { database } = opened;
    const failing = database.write(async (transaction) => {
      await add('ann')(transaction);
      throw new Error('no');
    });
    const next = database.write(add('bob'));
    await expect(failing).rejects.toThrow('no');
    await next;
    expect(await names()).toEqual(['bob']);
  });

  it('stores an addition once, in the first transaction that is committed', async () => {
    const { database } = opened;
    const addition = { add: add('added'), stored: null };
    await addToNextWrite(addition, async () => {
      const failing = database.write(() => Promise.reject(new Error('no')));
      await expect(failing).rejects.toThrow('no');
      expect(await names()).toEqual([]);
      await database.write(add('ann'));
      await database.write(add('bob'));
    });
    expect(await names()).toEqual(['ann', 'added', 'bob']);
  });

  it('stores nothing of a transaction whose addition fails', async () => {
    const { database } = opened;
    const addition = { add: () => Promise.reject(new Error('no room')), stored: null };
    await expect(addToNextWrite(addition, () => database.write(add('ann')))).rejects.toThrow('no room');
    expect(await names()).toEqual([]);
  });
});
