import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { type Database, openDatabase } from '../../../src/storage/database';
import { sharedFlush } from '../../../src/storage/write-ahead-log';
import { type BreakableDisk, openBreakableDisk, whyNoBreakableDisk } from '../../support/small-disk';
import { temporaryFolder } from '../../support/temporary-folder';

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

describe('a power cut', () => {
  const root = temporaryFolder();
  const reason = whyNoBreakableDisk(root);

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
  let added: number;
  beforeEach(async () => {
    added = 0;
    dir = temporaryFolder();
    database = await openDatabase(`file:${join(dir, 'shop.db')}`);
  });
  afterEach(() => database.dispose());

  const sizeOf = (ending = '') => statSync(join(dir, `shop.db${ending}`)).size;
  /** Adds so many users in one commit, each of a megabyte. */
  const addLarge = (count: number) =>
    database.write(({ user }) =>
      user.createMany({
        data: Array.from({ length: count }, () => ({ externalId: `${added++}`.padEnd(MEGABYTE, 'x') })),
      }),
    );

  it('is moved into the file while much is written', async () => {
    while (sizeOf() < 5 * MEGABYTE) {
      await addLarge(1);
      await setTimeout(100);
    }
    expect(await database.read.user.count()).toBe(added);
  });

  it('is in the file at the end', async () => {
    await addLarge(1);
    await database.dispose();
    expect(sizeOf()).toBeGreaterThan(MEGABYTE);
    database = await openDatabase(`file:${join(dir, 'shop.db')}`);
    expect(await database.read.user.count()).toBe(1);
  });
});
