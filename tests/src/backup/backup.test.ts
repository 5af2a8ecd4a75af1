import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { MANIFEST } from '../../../models/checkpoint/checkpoint';
import { createBackup, DATABASE, restoreBackup } from '../../../src/backup/backup';
import { CheckpointStoreError } from '../../../src/checkpoints/checkpoint-store';
import { openDatabase } from '../../../src/storage/database';
import { CHECKPOINT, type LittleBackup, LOST, openLittleBackup } from '../../support/little-backup';
import { useOpened } from '../../support/use-opened';

const never = new AbortController().signal;
const stopped = AbortSignal.abort(new Error('stopped'));
const shop = useOpened(openLittleBackup);
let copy: string;
beforeAll(async () => {
  copy = join(shop.root, 'copy');
});

describe('createBackup', () => {
  afterEach(() => rmSync(copy, { recursive: true, force: true }));

  const create = (changes: Partial<LittleBackup['source']> = {}, signal = never) =>
    createBackup({ ...shop.source, ...changes }, copy, signal);

  it('has the database and the checkpoints that it names, without links, and says which are not there', async () => {
    const link = join(shop.checkpointDir, 'link');
    const files = readdirSync(shop.checkpointDir);
    symlinkSync('/etc/passwd', link);
    const summary = await create();
    rmSync(link);
    expect(summary).toEqual({ checkpoints: 1, missingCheckpoints: [LOST], unfinishedJobs: 0 });
    expect(readdirSync(join(copy, CHECKPOINT))).toEqual(files);
    expect(readdirSync(copy).sort()).toEqual([DATABASE, 'jobs']);
  });

  it('leaves nothing when the store of the checkpoints cannot be read, and when it is stopped', async () => {
    const open = () => Promise.reject(new CheckpointStoreError('the bucket does not answer'));
    await expect(create({ store: { open } })).rejects.toThrow(CheckpointStoreError);
    await expect(create({}, stopped)).rejects.toThrow('stopped');
    expect([copy, `${copy}.partial`].map((path) => existsSync(path))).toEqual([false, false]);
  });
});

describe('restoreBackup', () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = join(shop.root, 'restored');
    await createBackup(shop.source, copy, never);
  });
  beforeEach(() => void mkdirSync(dataDir));
  afterEach(() => rmSync(dataDir, { recursive: true }));

  const restore = (signal = never) => restoreBackup(copy, { path: join(dataDir, 'shop.db'), dataDir }, signal);

  /** Changes a file of the backup for as long as `work` takes. */
  async function changed(name: string, change: (text: string) => string, work: () => Promise<void>): Promise<void> {
    const path = join(copy, name);
    const bytes = readFileSync(path);
    writeFileSync(path, change(bytes.toString('latin1')), 'latin1');
    await work().finally(() => writeFileSync(path, bytes));
  }

  it('puts the database and the checkpoints back, also beside an empty folder of jobs', async () => {
    mkdirSync(join(dataDir, 'jobs'));
    expect(await restore()).toEqual({ checkpoints: 1, missingCheckpoints: [LOST], unfinishedJobs: 0 });
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

  it.each([
    ['its database', DATABASE, /expected a whole database/],
    ['a checkpoint', join(CHECKPOINT, MANIFEST), /checkpoint-1/],
  ])('leaves nothing of a backup when %s is damaged, and when it is stopped', async (_, name, reason) => {
    await changed(name, (text) => `damaged ${text}`, () => expect(restore()).rejects.toThrow(reason)); // prettier-ignore
    await expect(restore(stopped)).rejects.toThrow('stopped');
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('refuses the backup of a newer version', async () => {
    await changed(DATABASE, (text) => text.replaceAll(/\d{14}_init/g, '99999999999999_init'), async () => {
      await expect(restore()).rejects.toThrow('got one with the migration 99999999999999_init');
    }); // prettier-ignore
  });
});
