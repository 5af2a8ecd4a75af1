/** Checkpoints as folders in DATA_DIR: for one machine, or for several that share the folder. */
import { randomUUID } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { CheckpointError, hasCheckpoint } from '../../models/checkpoint/checkpoint';
import { flush, linkFolder } from '../files/disk';
import { messageOf } from '../message-of';
import { cacheFolder, type CheckpointStore, CheckpointStoreError } from './checkpoint-store';

export class FolderStore implements CheckpointStore {
  problem: string | null = null;

  private readonly dataDir: string;

  constructor(dataDir: string) {
    this.dataDir = resolve(dataDir);
  }

  async save(key: string, dir: string): Promise<void> {
    const target = join(this.dataDir, key);
    const partial = `${target}.${randomUUID()}`;
    try {
      await linkFolder(dir, partial);
      await rm(target, { recursive: true, force: true });
      await rename(partial, target);
      for (const folder of [target, dirname(target)]) await flush(folder);
      this.problem = null;
    } catch (error) {
      await rm(partial, { recursive: true, force: true }).catch(() => undefined); // the first error says more
      this.problem = 'DATA_DIR: expected a folder that can be written';
      throw new CheckpointStoreError(`${target}: expected a folder that can be written, got ${messageOf(error)}`);
    }
  }

  /** Also a copy out of the remote store that was used before. The process that loads it verifies it. */
  async open(key: string): Promise<string> {
    for (const dir of [this.dataDir, cacheFolder(this.dataDir)].map((each) => join(each, key)))
      if (await hasCheckpoint(dir)) return dir;
    throw new CheckpointError(`${join(this.dataDir, key)}: expected a checkpoint, got none`);
  }

  async list(): Promise<string[]> {
    const jobs = join(this.dataDir, 'jobs');
    const entries = await readdir(jobs, { withFileTypes: true, recursive: true }).catch(() => []);
    const names = entries.filter((entry) => entry.isDirectory() && dirname(entry.parentPath) === jobs);
    return names.map(({ parentPath, name }) => `jobs/${basename(parentPath)}/${name}`);
  }

  remove(key: string): Promise<void> {
    return rm(join(this.dataDir, key), { recursive: true, force: true });
  }
}
