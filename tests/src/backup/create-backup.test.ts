import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { BackupError, verifyBackup } from '../../../src/backup/backup-manifest';
import { createBackup } from '../../../src/backup/create-backup';
import { CheckpointStoreError } from '../../../src/checkpoints/checkpoint-store';
import { CHECKPOINT, type LittleBackup, LOST, openLittleBackup } from '../../support/little-backup';

describe('createBackup', () => {
  let shop: LittleBackup;
  let dir: string;
  beforeAll(async () => {
    shop = await openLittleBackup();
    dir = join(shop.root, 'copy');
  });
  afterAll(() => shop.dispose());
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const create = (changes: Partial<LittleBackup['source']> = {}, { signal } = new AbortController()) =>
    createBackup({ ...shop.source, ...changes }, dir, signal);

  it('has the database and the checkpoints that it names, and says which are not there', async () => {
    const manifest = await create();
    expect(manifest).toMatchObject({ version: '1.2.3', missingCheckpoints: [LOST], unfinishedJobs: 0 });
    const files = readdirSync(shop.checkpointDir).map((name) => `${CHECKPOINT}/${name}`);
    expect(Object.keys(manifest.files).sort()).toEqual(['database.db', ...files].sort());
    expect(await verifyBackup(dir, new AbortController().signal)).toEqual(manifest);
  });

  it('leaves out links, which are no part of a checkpoint', async () => {
    const link = join(shop.checkpointDir, 'link');
    symlinkSync('/etc/passwd', link);
    const { files } = await create();
    rmSync(link);
    expect(Object.keys(files)).not.toContain(`${CHECKPOINT}/link`);
  });

  it('refuses a folder that exists, and one to which a backup is being made', async () => {
    mkdirSync(dir);
    await expect(create()).rejects.toThrow(/copy: expected a folder that does not exist, got one that does/);
    rmSync(dir, { recursive: true });
    mkdirSync(`${dir}.partial`);
    await expect(create()).rejects.toThrow(BackupError);
    expect(readdirSync(`${dir}.partial`)).toEqual([]);
    rmSync(`${dir}.partial`, { recursive: true });
  });

  it('leaves nothing when the store of the checkpoints cannot be read, and when it is stopped', async () => {
    const open = () => Promise.reject(new CheckpointStoreError('the bucket does not answer'));
    await expect(create({ store: { open } })).rejects.toThrow(CheckpointStoreError);
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    await expect(create({}, stop)).rejects.toThrow('stopped');
    expect([dir, `${dir}.partial`].map((path) => existsSync(path))).toEqual([false, false]);
  });
});
