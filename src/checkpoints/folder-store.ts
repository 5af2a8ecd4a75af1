/** Checkpoints as folders in DATA_DIR: for one machine, or for several that share the folder. */
import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { CheckpointError, hasCheckpoint } from '../../models/checkpoint/checkpoint';
import { flush, linkFolder } from '../files/disk';
import { messageOf } from '../message-of';
import {
  cacheFolder,
  type CheckpointStore,
  CheckpointStoreError,
  type StoredCheckpoint,
  removeLeftovers,
} from './checkpoint-store';

/** The end of the name of a folder until it has all its files. */
const PARTIAL = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

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

  async list(): Promise<StoredCheckpoint[]> {
    const found: StoredCheckpoint[] = [];
    for (const folder of await this.folders()) {
      if (!(await hasCheckpoint(folder))) continue;
      const stats = await stat(folder).catch(() => null);
      if (stats === null) continue; // a training has replaced it meanwhile
      const key = folder.slice(this.dataDir.length + 1).replaceAll('\\', '/');
      found.push({ key, storedAt: stats.mtime });
    }
    return found;
  }

  remove(key: string): Promise<void> {
    return rm(join(this.dataDir, key), { recursive: true, force: true });
  }

  async sweep(): Promise<void> {
    await removeLeftovers((await this.folders()).filter((folder) => PARTIAL.test(folder)));
  }

  /** The folders of all keys, whether there is a checkpoint in them or not. */
  private async folders(): Promise<string[]> {
    const jobs = join(this.dataDir, 'jobs');
    const entries = await readdir(jobs, { withFileTypes: true, recursive: true }).catch(() => []);
    const folders = entries
      .filter((entry) => entry.isDirectory())
      .map(({ parentPath, name }) => join(parentPath, name));
    return folders.filter((folder) => dirname(dirname(folder)) === jobs);
  }
}
