/** Checkpoints as single files in a remote store, with verified copies in a folder of this machine. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { CheckpointError, verifyCheckpoint, MANIFEST } from '../../models/checkpoint/checkpoint';
import { makeFolder } from '../../models/checkpoint/make-folder';
import { messageOf } from '../message-of';
import { cacheFolder, type CheckpointStore, CheckpointStoreError } from './checkpoint-store';
import { FolderStore } from './folder-store';

/** A remote store of files. Names have `/` in them. Each call ends within minutes, with an error when the store is silent. */
export interface Blobs {
  /** The store's address, for messages: no secrets. */
  readonly place: string;
  put(name: string, bytes: Buffer): Promise<void>;
  /** @returns Null when there is no such file. */
  get(name: string): Promise<Buffer | null>;
  /** @returns The names that begin so. */
  list(prefix: string): Promise<readonly string[]>;
  remove(names: readonly string[]): Promise<void>;
}

/** The copies that were used last stay. A server uses one or two at a time. */
const MAX_COPIES = 20;

export class BlobStore implements CheckpointStore {
  problem: string | null = null;
  private readonly opening = new Map<string, Promise<string>>();
  /** Keys of the copies that this process has made or verified: hashing a model takes seconds. */
  private readonly verified = new Set<string>();
  private readonly copies: FolderStore;

  constructor(
    private readonly blobs: Blobs,
    private readonly dataDir: string,
  ) {
    this.copies = new FolderStore(cacheFolder(dataDir));
  }

  /** The manifest comes last: a checkpoint without it is none. */
  async save(key: string, dir: string): Promise<void> {
    const names = (await readdir(dir)).filter((name) => name !== MANIFEST);
    for (const name of [...names, MANIFEST]) {
      const bytes = await readFile(join(dir, name));
      await this.asked('written', () => this.blobs.put(`${key}/${name}`, bytes));
    }
  }

  /** A checkpoint in DATA_DIR itself, such as one of the former store or out of a backup, needs no copy. */
  async open(key: string): Promise<string> {
    const present = join(this.dataDir, key);
    if (existsSync(join(present, MANIFEST))) return present;
    const opening = this.opening.get(key) ?? this.copyOf(key).finally(() => this.opening.delete(key));
    this.opening.set(key, opening);
    return opening;
  }

  async list(): Promise<string[]> {
    const files = await this.asked('read', () => this.blobs.list('jobs/'));
    return [...new Set(files.map(dirname))];
  }

  async remove(key: string): Promise<void> {
    const files = await this.asked('read', () => this.blobs.list(`${key}/`));
    await this.asked('written', () => this.blobs.remove(files));
    await this.copies.remove(key);
  }

  private async copyOf(key: string): Promise<string> {
    const dir = join(cacheFolder(this.dataDir), key);
    if (await this.isWhole(key, dir)) await utimes(dir, new Date(), new Date()).catch(() => undefined);
    else await this.fetch(key, dir);
    this.verified.add(key);
    return dir;
  }

  private async isWhole(key: string, dir: string): Promise<boolean> {
    if (this.verified.has(key) && existsSync(join(dir, MANIFEST))) return true;
    return verifyCheckpoint(dir).then(
      () => true,
      () => false,
    );
  }

  private async fetch(key: string, dir: string): Promise<void> {
    const names = await this.fileNames(key);
    // The manifest must find the job's name above the folder: see `verifyCheckpoint`.
    const partial = join(cacheFolder(this.dataDir), '.partial', randomUUID(), basename(dirname(dir)), basename(dir));
    try {
      await this.cached(() => this.makeRoom().then(() => makeFolder(partial)));
      for (const name of names) {
        const bytes = await this.asked('read', () => this.blobs.get(`${key}/${name}`));
        if (bytes === null) throw new CheckpointError(`${key}: expected ${name} in ${this.blobs.place}, got none`);
        await this.cached(() => writeFile(join(partial, name), bytes));
      }
      await verifyCheckpoint(partial);
      await this.cached(() => this.moveTo(key, dir, partial));
    } finally {
      await rm(dirname(dirname(partial)), { recursive: true, force: true }).catch(() => undefined);
    }
  }

  /** Another process of this machine may have been faster, and what it has made may be in use. */
  private async moveTo(key: string, dir: string, partial: string): Promise<void> {
    await makeFolder(dirname(dir));
    try {
      await rename(partial, dir);
    } catch {
      if (await this.isWhole(key, dir)) return;
      await rm(dir, { recursive: true, force: true });
      await rename(partial, dir);
    }
  }

  private async fileNames(key: string): Promise<string[]> {
    const manifest = await this.asked('read', () => this.blobs.get(`${key}/${MANIFEST}`));
    if (manifest === null) throw new CheckpointError(`${key}: expected a checkpoint in ${this.blobs.place}, got none`);
    const names = filesOf(manifest);
    if (names === null)
      throw new CheckpointError(`${key}: expected a manifest in ${this.blobs.place}, got a damaged one`);
    const stray = names.find((name) => basename(name) !== name);
    if (stray !== undefined) throw new CheckpointError(`${key}: expected plain file names, got ${stray}`);
    return [...names, MANIFEST];
  }

  private async makeRoom(): Promise<void> {
    const usedAt = new Map<string, number>();
    for (const key of await this.copies.list()) {
      const { mtimeMs } = await stat(join(cacheFolder(this.dataDir), key));
      usedAt.set(key, mtimeMs);
    }
    const newest = [...usedAt.keys()].sort((a, b) => usedAt.get(b)! - usedAt.get(a)!);
    for (const key of newest.slice(MAX_COPIES - 1)) await this.copies.remove(key);
  }

  private cached<T>(work: () => Promise<T>): Promise<T> {
    return this.named(`cache ${cacheFolder(this.dataDir)}`, 'the cache of checkpoints cannot be written', work);
  }

  private asked<T>(verb: 'read' | 'written', work: () => Promise<T>): Promise<T> {
    return this.named(this.blobs.place, `the checkpoint store cannot be ${verb}`, work);
  }

  private async named<T>(place: string, problem: string, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      if (this.problem === problem) this.problem = null;
      return result;
    } catch (error) {
      this.problem = problem;
      throw new CheckpointStoreError(`${place}: ${problem}: ${messageOf(error)}`);
    }
  }
}

/** @returns The names of its files; null when the manifest is damaged. */
function filesOf(manifest: Buffer): string[] | null {
  try {
    const { files } = JSON.parse(manifest.toString('utf8')) as { files: Record<string, string> };
    return Object.keys(files);
  } catch {
    return null;
  }
}
