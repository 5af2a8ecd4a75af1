/** The files of one export. They have other names until all are whole: a killed export must not look like a smaller shop. */
import { existsSync } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { flush } from '../files/disk';
import { DatasetError } from './dataset';
import { EXPORT, INTERACTIONS } from './sequence-folder';

/** Files get their names in this order. A folder without the last one is no dataset. */
const NAMES = [EXPORT, 'vectors.json', 'vectors.float32.bin', INTERACTIONS, 'items.jsonl'] as const;
type Name = (typeof NAMES)[number];

export class ExportFiles {
  /** Where each is now. */
  private readonly paths = new Map<Name, string>();

  /** @throws {DatasetError} When the folder has a dataset, or an export that has not ended. */
  constructor(private readonly dir: string) {
    const present = NAMES.map((name) => join(dir, name)).findLast((path) => existsSync(path));
    if (present !== undefined)
      throw new DatasetError(present, null, 'expected a folder without this file, got a folder with it');
    const partial = NAMES.map((name) => this.partialOf(name)).find((path) => existsSync(path));
    if (partial !== undefined)
      throw new DatasetError(partial, null, 'expected no unfinished export, got one; remove it when no export runs');
  }

  private partialOf(name: Name): string {
    return join(this.dir, `${name}.partial`);
  }

  async open(name: Name): Promise<FileHandle> {
    const path = this.partialOf(name);
    const handle = await open(path, 'wx');
    this.paths.set(name, path);
    return handle;
  }

  /** Brings all to the disk, then gives them their names. */
  async complete(): Promise<void> {
    for (const path of this.paths.values()) await flush(path);
    for (const name of NAMES.filter((each) => this.paths.has(each))) {
      await rename(this.partialOf(name), join(this.dir, name));
      this.paths.set(name, join(this.dir, name));
    }
    await flush(this.dir);
  }

  async removeAll(): Promise<void> {
    for (const path of this.paths.values()) await rm(path, { force: true }).catch(() => undefined); // the first error says more
  }
}
