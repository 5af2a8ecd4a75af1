import { once } from 'node:events';

import { Client } from 'pg';

import { type Hints, sendHint } from '../../../src/storage/change-hints';
import { type Database, openDatabase } from '../../../src/storage/database';
import type { TestDatabase } from '../../support/database';
import { openTestPostgres } from '../../support/postgres';

/** Counts hints, and resolves at the next one. */
class Ear {
  private wake: () => void = () => undefined;
  count = 0;

  readonly hear = (): void => {
    this.count++;
    this.wake();
  };

  next(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }
}

describe('Database.hints', () => {
  let opened: TestDatabase;
  let other: Database;
  let ear: Ear;
  let hints: Hints;
  beforeAll(async () => {
    opened = await openTestPostgres();
    other = await openDatabase(opened.url);
  });
  afterAll(async () => {
    await other.dispose();
    await opened.dispose();
  });
  beforeEach(async () => {
    ear = new Ear();
    const first = ear.next();
    hints = opened.database.hints(ear.hear)!;
    await first; // it begins with one, since there may be something new already
  });
  afterEach(() => hints.dispose());

  const change = () =>
    other.write(async (transaction) => {
      await transaction.user.create({ data: { externalId: String(Math.random()) } });
      await sendHint(transaction);
    });

  it('hints at a change of another process', async () => {
    for (let n = 0; n < 3; n++) {
      const hint = ear.next();
      await change();
      await hint;
    }
    expect(ear.count).toBeGreaterThanOrEqual(4);
  });

  it('hints at nothing after its end', async () => {
    await hints.dispose();
    const { count } = ear;
    await change();
    expect(ear.count).toBe(count);
  });

  it('hints at nothing that is undone, and at no interaction', async () => {
    const { count } = ear;
    const undone = other.write(async (transaction) => {
      await sendHint(transaction);
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    await other.write((transaction) => transaction.user.create({ data: { externalId: 'quiet' } }));
    const hint = ear.next();
    await change();
    await hint;
    expect(ear.count).toBe(count + 1);
  });

  it('listens again after its connection was cut, and hints at what it may have missed', async () => {
    const admin = new Client({ connectionString: opened.url });
    await admin.connect();
    const hint = ear.next();
    await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()`,
    );
    await hint;
    const next = ear.next();
    await change();
    await next;
    const ended = once(admin, 'end');
    await admin.end();
    await ended;
  });
});
