import { copyFileSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { type Database, openDatabase } from '../../../src/storage/database';
import { DatabaseError } from '../../../src/storage/database-error';
import { sharedFlush } from '../../../src/storage/write-ahead-log';
import { type BreakableDisk, openBreakableDisk, whyNoBreakableDisk } from '../../support/small-disk';

describe('sharedFlush', () => {
  /** A disk whose waits end when the test says so. */
  function disk() {
    const waits: { resolve(): void; reject(error: Error): void }[] = [];
    const sync = sharedFlush(() => new Promise((resolve, reject) => waits.push({ resolve, reject })));
    return { waits, sync };
  }
  const settled = () => new Promise(setImmediate);

  it('rejects all calls after a run that failed, and runs no more', async () => {
    const { waits, sync } = disk();
    const calls = [sync(), sync()].map((call) => expect(call).rejects.toThrow('EIO'));
    await settled();
    waits[0].reject(new Error('EIO'));
    await Promise.all(calls);
    await expect(sync()).rejects.toThrow('EIO');
    expect(waits).toHaveLength(1);
  });
});

describe('a file that is no longer where it was opened', () => {
  const WRONG_PLACE = /expected its files where they were opened, got .* put them back, or start again/;
  let dir: string;
  let database: Database;
  const path = (ending = '') => join(dir, `shop.db${ending}`);
  const add = (externalId: string) => database.write(({ user }) => user.create({ data: { externalId } }));
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'tigerql-test-'));
    database = await openDatabase(`file:${path()}`);
    await add('before');
  });
  afterEach(async () => {
    await database.dispose();
    rmSync(dir, { recursive: true });
  });

  it.each(['', '-wal'])('takes no change that its path would not have: shop.db%s', async (ending) => {
    rmSync(path(ending));
    await expect(add('lost')).rejects.toThrow(WRONG_PLACE);
    await expect(database.checkWrite()).rejects.toThrow(DatabaseError);
  });

  it('takes none when another file is there, and takes changes again when it is back', async () => {
    renameSync(path(), path('.aside'));
    copyFileSync(path('.aside'), path());
    await expect(add('lost')).rejects.toThrow(WRONG_PLACE);
    expect(await database.read.user.count({ where: { externalId: 'before' } })).toBe(1);
    renameSync(path('.aside'), path());
    await add('after');
  });
});

describe('a power cut', () => {
  const root = mkdtempSync(join(tmpdir(), 'tigerql-test-'));
  const reason = whyNoBreakableDisk(root);
  afterAll(() => rmSync(root, { recursive: true }));

  (reason === null ? it : it.skip)(`loses no write that was acknowledged${reason ? ` (${reason})` : ''}`, async () => {
    const disk = openBreakableDisk(join(root, 'disk.img'), join(root, 'disk'), 32 * 2 ** 20);
    const open = ({ dir }: BreakableDisk) => openDatabase(`file:${join(dir, 'shop.db')}`);
    const database = await open(disk);
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        database.write(({ user }) => user.create({ data: { externalId: `user-${n}` } })),
      ),
    );
    const cut = disk.afterPowerCut();
    const restarted = await open(cut);
    try {
      expect(await restarted.read.user.count()).toBe(20);
    } finally {
      await Promise.all([database.dispose(), restarted.dispose()]);
      [disk, cut].forEach((each) => each.dispose());
    }
  });
});

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
