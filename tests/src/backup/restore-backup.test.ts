import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { BACKUP_MANIFEST } from '../../../src/backup/backup-manifest';
import { createBackup } from '../../../src/backup/create-backup';
import { restoreBackup } from '../../../src/backup/restore-backup';
import { openDatabase } from '../../../src/storage/database';
import { CHECKPOINT, type LittleBackup, openLittleBackup } from '../../support/little-backup';

describe('restoreBackup', () => {
  let shop: LittleBackup;
  let copy: string;
  let dataDir: string;
  beforeAll(async () => {
    shop = await openLittleBackup();
    copy = join(shop.root, 'copy');
    dataDir = join(shop.root, 'restored');
    await createBackup(shop.source, copy, new AbortController().signal);
  });
  afterAll(() => shop.dispose());
  beforeEach(() => void mkdirSync(dataDir));
  afterEach(() => rmSync(dataDir, { recursive: true }));

  const restore = ({ signal } = new AbortController()) =>
    restoreBackup(copy, { path: join(dataDir, 'shop.db'), dataDir }, signal);

  /** Changes a file of the backup for as long as `work` takes. */
  async function changed(name: string, change: (text: string) => string, work: () => Promise<void>): Promise<void> {
    const path = join(copy, name);
    const bytes = readFileSync(path);
    writeFileSync(path, change(bytes.toString('latin1')), 'latin1');
    await work().finally(() => writeFileSync(path, bytes));
  }

  it('puts the database and the checkpoints back, also beside an empty folder of jobs', async () => {
    mkdirSync(join(dataDir, 'jobs'));
    await restore();
    expect(readdirSync(dataDir).sort()).toEqual(['jobs', 'shop.db']);
    expect(readdirSync(join(dataDir, CHECKPOINT))).toEqual(readdirSync(shop.checkpointDir));
    const database = await openDatabase(`file:${join(dataDir, 'shop.db')}`);
    expect(await database.read.modelVersion.count()).toBe(2);
    await database.dispose();
  });

  it.each([
    ['a database', 'shop.db', /shop\.db: expected no database there \(DATABASE_URL\), got one/],
    ['what a database has not written yet', 'shop.db-wal', /shop\.db-wal: expected no database there/],
    ['jobs', join('jobs', '1'), /jobs: expected no training jobs there \(DATA_DIR\), got some/],
  ])('refuses a place where there are %s', async (_, name, reason) => {
    mkdirSync(join(dataDir, 'jobs'));
    writeFileSync(join(dataDir, name), '');
    await expect(restore()).rejects.toThrow(reason);
  });

  it('writes nothing of a damaged backup', async () => {
    await changed('database.db', (text) => text.replace('SQLite format 3', 'SQLite format 4'), async () => {
      await expect(restore()).rejects.toThrow(/database\.db: expected SHA-256 .* the file is damaged/);
    }); // prettier-ignore
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('refuses the backup of a newer version', async () => {
    await changed(BACKUP_MANIFEST, (text) => text.replace(/(\d{14})_init/, '99999999999999_later'), async () => {
      const newer = 'got one of tigerql 1.2.3 with the migration 99999999999999_later';
      await expect(restore()).rejects.toThrow(newer);
    }); // prettier-ignore
  });

  it('leaves nothing when it is stopped, and removes what one that was killed has left', async () => {
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    await expect(restore(stop)).rejects.toThrow('aborted');
    expect(existsSync(join(dataDir, 'shop.db'))).toBe(false);
    mkdirSync(join(dataDir, 'jobs.restore-1'));
    writeFileSync(join(dataDir, 'shop.db.restore-1'), 'half');
    await restore();
    expect(readdirSync(dataDir).sort()).toEqual(['jobs', 'shop.db']);
  });
});
