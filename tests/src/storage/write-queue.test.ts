import { setTimeout as sleep } from 'node:timers/promises';

import type { Database } from '../../../src/storage/database';
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

  it('stores nothing when the transaction fails, and tries again with the next one', async () => {
    const addition = note();
    await addToNextWrite(addition, async () => {
      const failing: ReturnType<Database['write']> = opened.database.write(async ({ user }) => {
        await user.create({ data: { externalId: 'undone' } });
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(addition.stored).toBeNull();
      await add('kept');
    });
    expect(await names()).toEqual(['kept', 'note']);
  });

  it('undoes the transaction when the addition fails', async () => {
    const addition: Addition<never> = { add: () => Promise.reject(new Error('no room')), stored: null };
    await expect(addToNextWrite(addition, () => add('with it'))).rejects.toThrow('no room');
    expect(await names()).toEqual([]);
  });

  it('stores nothing where nothing is written, and nothing with what goes on afterwards', async () => {
    const addition = note();
    let release = () => undefined as void;
    const later = addToNextWrite(addition, async () => {
      const released = new Promise<void>((resolve) => (release = resolve));
      return { writing: released.then(() => add('later')) };
    });
    const { writing } = await later;
    release();
    await writing;
    expect(await names()).toEqual(['later']);
    expect(addition.stored).toBeNull();
  });

  it('keeps changes that run at the same time apart', async () => {
    await Promise.all(['a', 'b'].map((name) => addToNextWrite(note(`note ${name}`), () => add(name))));
    const found = await names();
    for (const name of ['a', 'b']) expect(found[found.indexOf(name) + 1]).toBe(`note ${name}`);
  });
});
