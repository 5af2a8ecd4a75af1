import { setImmediate } from 'node:timers/promises';

import Libsql from 'libsql';

import { PrismaClient } from '../../../prisma/generated/sqlite/client';
import { DatabaseError } from '../../../src/storage/database-error';
import { sqliteAdapter } from '../../../src/storage/sqlite-adapter';
import { type TestDatabase, useTestDatabase } from '../../support/database';

const pathOf = ({ url }: TestDatabase) => url.slice('file:'.length);

describe('sqliteAdapter', () => {
  const opened = useTestDatabase();
  /** Stands for another process. */
  let other: Libsql.Database;
  beforeAll(async () => {
    other = new Libsql(pathOf(opened));
  });
  afterAll(async () => {
    other.close();
  });

  /** Lets the event loop run as often as that. @returns Its runs. */
  async function runEventLoop(times: number): Promise<number> {
    let runs = 0;
    while (runs < times) {
      await setImmediate();
      runs++;
    }
    return runs;
  }

  it('waits for the write lock of another process without blocking the event loop', async () => {
    other.exec('BEGIN IMMEDIATE');
    let isDone = false;
    const writing = opened.database.write(async (transaction) => {
      await transaction.user.create({ data: { externalId: 'ann' } });
      isDone = true;
    });
    expect(await runEventLoop(200)).toBe(200);
    expect(isDone).toBe(false);
    other.exec('COMMIT');
    await writing;
    expect(await opened.database.read.user.count()).toBe(1);
    // No statement was left open by the tries that failed: the next transaction commits too.
    await opened.database.write((transaction) => transaction.user.create({ data: { externalId: 'bob' } }));
    expect(await opened.database.read.user.count()).toBe(2);
  });

  it('says that another process holds the lock when it has waited long enough, and writes afterwards', async () => {
    const impatient = new PrismaClient({ adapter: sqliteAdapter(pathOf(opened), { maxLockWaitMs: 30 }) });
    const before = await impatient.user.count();
    const write = () =>
      impatient.$transaction((transaction) => transaction.user.create({ data: { externalId: `user ${before}` } }));
    other.exec('BEGIN IMMEDIATE');
    const failing = write();
    await expect(failing).rejects.toThrow(DatabaseError);
    await expect(failing).rejects.toThrow(
      /^database: expected its write lock within 0\.03 s, got none: another process holds it; try again later$/,
    );
    other.exec('COMMIT');
    await write();
    expect(await impatient.user.count()).toBe(before + 1);
    await impatient.$disconnect();
  });

  it('reads in a transaction that needs no write lock, and refuses to write there', async () => {
    const { read } = opened.database;
    other.exec('BEGIN IMMEDIATE');
    const ids = Array.from({ length: 40_000 }, (_, id) => id);
    expect(await read.$transaction((transaction) => transaction.user.count())).toBe(await read.user.count());
    expect(await read.user.findMany({ where: { id: { in: ids } } })).toHaveLength(await read.user.count());
    other.exec('ROLLBACK');
    const write = read.$transaction((transaction) => transaction.user.create({ data: { externalId: 'refused' } }));
    await expect(write).rejects.toThrow('readonly');
  });
});
