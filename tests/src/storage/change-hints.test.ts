import { once } from 'node:events';

import { Client } from 'pg';

import { type Hints, sendHint } from '../../../src/storage/change-hints';
import { describeTwoProcesses } from '../../support/two-processes';

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

describeTwoProcesses('Database.hints', (two, provider) => {
  let ear: Ear;
  let hints: Hints;
  beforeEach(async () => {
    ear = new Ear();
    const first = ear.next();
    hints = two.opened.database.hints(ear.hear);
    await first; // it begins with one, since there may be something new already
  });
  afterEach(() => hints.dispose());

  const change = () =>
    two.other.write(async (transaction) => {
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

  if (provider === 'postgresql') {
    it('hints at nothing that is undone, and at no interaction', async () => {
      const { count } = ear;
      const undone = two.other.write(async (transaction) => {
        await sendHint(transaction);
        throw new Error('no');
      });
      await expect(undone).rejects.toThrow('no');
      await two.other.write((transaction) => transaction.user.create({ data: { externalId: 'quiet' } }));
      const hint = ear.next();
      await change();
      await hint;
      expect(ear.count).toBe(count + 1);
    });

    it('listens again after its connection was cut, and hints at what it may have missed', async () => {
      const admin = new Client({ connectionString: two.opened.url });
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
  }
});
