import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { type Database, openDatabase } from '../../../src/storage/database';

const MEGABYTE = 2 ** 20;

describe('the write-ahead log', () => {
  let dir: string;
  let database: Database;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'tigerql-test-'));
    database = await openDatabase(`file:${join(dir, 'shop.db')}`);
  });
  afterEach(async () => {
    await database.dispose();
    rmSync(dir, { recursive: true });
  });

  const sizeOf = (ending = '') => statSync(join(dir, `shop.db${ending}`)).size;
  let added = 0;
  /** Adds so many users in one commit, each of a megabyte. */
  const addLarge = (count: number) =>
    database.write(({ user }) =>
      user.createMany({
        data: Array.from({ length: count }, () => ({ externalId: `${added++}`.padEnd(MEGABYTE, 'x') })),
      }),
    );
  const untilFileHas = async (bytes: number) => {
    while (sizeOf() < bytes) await setTimeout(5);
  };

  it('is moved into the file once there is much in it, and then begins anew', async () => {
    await addLarge(6);
    await untilFileHas(6 * MEGABYTE);
    const logBytes = sizeOf('-wal');
    await addLarge(2);
    expect(sizeOf('-wal')).toBe(logBytes);
    expect(await database.read.user.count()).toBe(8);
  });

  it('does not grow for as long as much is written', async () => {
    for (let i = 0; i < 20; i++) await addLarge(2);
    expect(sizeOf('-wal')).toBeLessThan(40 * MEGABYTE);
  });

  it('is moved after many small commits, too', async () => {
    const before = sizeOf();
    for (let i = 0; i < 150; i++)
      await database.write(({ user }) => user.create({ data: { externalId: `small ${i}`.padEnd(2_000, 'x') } }));
    await untilFileHas(before + 100_000);
    expect(sizeOf('-wal')).toBeLessThan(4 * MEGABYTE);
  });

  it('stays as it is after a few small commits, and is in the file at the end', async () => {
    const before = sizeOf();
    await database.write(({ user }) => user.create({ data: { externalId: 'small'.padEnd(100_000, 'x') } }));
    await setTimeout(50);
    expect(sizeOf()).toBe(before);
    await database.dispose();
    expect(sizeOf()).toBeGreaterThan(before);
    database = await openDatabase(`file:${join(dir, 'shop.db')}`);
    expect(await database.read.user.count()).toBe(1);
  });
});
