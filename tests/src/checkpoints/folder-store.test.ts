import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { CheckpointError, loadCheckpoint, saveCheckpoint } from '../../../models/checkpoint/checkpoint';
import { CheckpointStoreError } from '../../../src/checkpoints/checkpoint-store';
import { FolderStore } from '../../../src/checkpoints/folder-store';
import { temporaryFolder } from '../../support/temporary-folder';

const JOB = `7-${'a'.repeat(32)}`;
const KEY = `jobs/${JOB}/checkpoint-1`;

describe('FolderStore', () => {
  let root: string;
  let dataDir: string;
  let store: FolderStore;
  beforeEach(() => {
    root = temporaryFolder();
    dataDir = join(root, 'data');
    store = new FolderStore(dataDir);
  });

  async function trained(weight: number): Promise<string> {
    const dir = join(root, `work-${weight}`, JOB, 'checkpoint');
    await saveCheckpoint(dir, { tensors: {}, documents: { config: { weight } } });
    return dir;
  }
  const weightOf = async (dir: string) => (await loadCheckpoint(dir)).documents.config;

  it('opens what was saved, and what was saved last under a key', async () => {
    await store.save(KEY, await trained(1));
    expect(await store.open(KEY)).toBe(join(dataDir, KEY));
    await store.save(KEY, await trained(2));
    expect(await weightOf(await store.open(KEY))).toEqual({ weight: 2 });
    expect(readdirSync(join(dataDir, 'jobs', JOB))).toEqual(['checkpoint-1']);
  });

  it('opens a copy out of the store that was used before', async () => {
    await new FolderStore(join(dataDir, 'cache')).save(KEY, await trained(1));
    expect(await weightOf(await store.open(KEY))).toEqual({ weight: 1 });
  });

  it('lists and removes checkpoints, and what is there in part', async () => {
    await store.save(KEY, await trained(1));
    mkdirSync(join(dataDir, `${KEY}.partial`));
    expect((await store.list()).sort()).toEqual([KEY, `${KEY}.partial`]);
    await store.remove(`${KEY}.partial`);
    await store.remove(KEY);
    await store.remove(KEY);
    expect(await store.list()).toEqual([]);
  });

  it('refuses a key that has no checkpoint', async () => {
    await expect(store.open(KEY)).rejects.toThrow(CheckpointError);
    await expect(store.open(KEY)).rejects.toThrow(`${join(dataDir, KEY)}: expected a checkpoint, got none`);
  });

  it('names a folder that cannot be written, leaves nothing half written, and recovers', async () => {
    writeFileSync(dataDir, 'a file in place of the folder');
    const dir = await trained(1);
    await expect(store.save(KEY, dir)).rejects.toThrow(CheckpointStoreError);
    expect(store.problem).toBe('DATA_DIR: expected a folder that can be written');
    rmSync(dataDir);
    await store.save(KEY, dir);
    expect(store.problem).toBeNull();
    await expect(store.save(KEY, join(root, 'nowhere'))).rejects.toThrow(CheckpointStoreError);
    expect(readdirSync(join(dataDir, 'jobs', JOB))).toEqual(['checkpoint-1']);
  });
});
