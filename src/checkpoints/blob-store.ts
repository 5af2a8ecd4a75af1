/** Checkpoints as single files in a remote store, with verified copies in a folder of this machine. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { CheckpointError, verifyCheckpoint, MANIFEST } from '../../models/checkpoint/checkpoint';
import { makeFolder } from '../../models/checkpoint/make-folder';
import { messageOf } from '../message-of';
import { cacheFolder, type CheckpointStore, CheckpointStoreError } from './checkpoint-store';

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

export interface BlobStoreOptions {
  readonly dataDir: string;
  /** The copies may take this many bytes; those that were not used for longest go first. */
  readonly maxCacheBytes: number;
}

/** A copy that was opened more recently may still be read. */
const IN_USE_MS = 600_000;

export class BlobStore implements CheckpointStore {
  problem: string | null = null;
  private readonly opening = new Map<string, Promise<string>>();
  /** Folder → `fingerprintOf` when its files were last verified. They are verified once more when they are loaded. */
  private readonly verified = new Map<string, string>();

  constructor(
    private readonly blobs: Blobs,
    private readonly options: BlobStoreOptions,
  ) {}

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
    const present = join(this.options.dataDir, key);
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
    await rm(join(this.cacheDir, key), { recursive: true, force: true });
  }

  private get cacheDir(): string {
    return cacheFolder(this.options.dataDir);
  }

  private async copyOf(key: string): Promise<string> {
    const dir = join(this.cacheDir, key);
    if (await this.isWhole(dir)) {
      // On a disk that is only read, or with files of another user, the copy is as good.
      await this.cached(() => utimes(dir, new Date(), new Date()).catch(() => undefined));
      return dir;
    }
    await this.fetch(key, dir);
    this.verified.set(dir, await fingerprintOf(dir));
    return dir;
  }

  /** Hashing a model takes seconds, so files that have not changed since are not hashed again. */
  private async isWhole(dir: string): Promise<boolean> {
    const fingerprint = await fingerprintOf(dir).catch(() => null);
    if (fingerprint === null) return false;
    if (this.verified.get(dir) === fingerprint) return true;
    const isWhole = await verifyCheckpoint(dir).then(
      () => true,
      () => false,
    );
    if (isWhole) this.verified.set(dir, fingerprint);
    return isWhole;
  }

  private async fetch(key: string, dir: string): Promise<void> {
    const names = await this.fileNames(key);
    // The manifest must find the job's name above the folder: see `verifyCheckpoint`.
    const partial = join(this.cacheDir, '.partial', randomUUID(), basename(dirname(dir)), basename(dir));
    try {
      await this.cached(() => makeFolder(partial));
      for (const name of names) {
        const bytes = await this.asked('read', () => this.blobs.get(`${key}/${name}`));
        if (bytes === null) throw new CheckpointError(`${key}: expected ${name} in ${this.blobs.place}, got none`);
        await this.cached(() => this.makeRoom(bytes.length).then(() => writeFile(join(partial, name), bytes)));
      }
      await verifyCheckpoint(partial);
      await this.cached(() => this.moveTo(dir, partial));
    } finally {
      await rm(dirname(dirname(partial)), { recursive: true, force: true }).catch(() => undefined);
    }
  }

  /** Another process of this machine may have been faster, and what it has made may be in use. */
  private async moveTo(dir: string, partial: string): Promise<void> {
    await makeFolder(dirname(dir));
    try {
      await rename(partial, dir);
    } catch {
      if (await this.isWhole(dir)) return;
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

  private async makeRoom(bytes: number): Promise<void> {
    const copies = await copiesIn(this.cacheDir);
    let total = copies.reduce((sum, copy) => sum + copy.bytes, bytes);
    for (const copy of copies.sort((a, b) => a.usedAt - b.usedAt)) {
      if (total <= this.options.maxCacheBytes || Date.now() - copy.usedAt < IN_USE_MS) return;
      await rm(copy.dir, { recursive: true, force: true });
      total -= copy.bytes;
    }
  }

  private cached<T>(work: () => Promise<T>): Promise<T> {
    return this.named(`cache ${this.cacheDir}`, 'the cache of checkpoints cannot be written', work);
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

/** @returns The names of the files, with what changes when they do. */
async function fingerprintOf(dir: string): Promise<string> {
  const names = (await readdir(dir)).sort();
  const stats = await Promise.all(names.map((name) => stat(join(dir, name))));
  return stats.map(({ size, mtimeMs, ino }, i) => [names[i], size, mtimeMs, ino].join()).join('\n');
}

interface Copy {
  readonly dir: string;
  readonly bytes: number;
  readonly usedAt: number;
}

async function copiesIn(cacheDir: string): Promise<Copy[]> {
  const entries = await readdir(cacheDir, { withFileTypes: true, recursive: true }).catch(() => []);
  const manifests = entries.filter((entry) => entry.isFile() && entry.name === MANIFEST);
  const dirs = manifests.map(({ parentPath }) => parentPath).filter((dir) => !dir.includes('.partial'));
  // Another process of this machine may remove one meanwhile.
  const copies = await Promise.all(dirs.map((dir) => copyIn(dir).catch(() => null)));
  return copies.filter((copy) => copy !== null);
}

async function copyIn(dir: string): Promise<Copy> {
  const sizes = await Promise.all((await readdir(dir)).map((file) => stat(join(dir, file))));
  const bytes = sizes.reduce((sum, { size }) => sum + size, 0);
  return { dir, bytes, usedAt: (await stat(dir)).mtimeMs };
}
