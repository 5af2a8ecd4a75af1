import { copyFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
