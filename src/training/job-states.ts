/**
 * The states of a running job in the checkpoint store, from which another process goes on. The job's row names the newest: for each part
 * of the training its key. While one is stored the training goes on; of those that come meanwhile only the last is stored.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { MANIFEST, verifyCheckpoint } from '../../models/checkpoint/checkpoint';
import type { CheckpointStore } from '../checkpoints/checkpoint-store';
import { linkFolder, sha256Hex } from '../files/disk';
import { LeaseLostError } from '../storage/leases';
import { pause } from '../waiting/polling';
import { shareRuns } from '../waiting/promises';
import { checkpointKey, removeWorkFolder } from './job-folders';

/** Part of the training → key. */
export type StoredState = Readonly<Record<string, string>>;

interface SavedPart {
  readonly key: string;
  /** Of its manifest, which has the hashes of its files. */
  readonly hash: string;
}

export interface JobStatesParts {
  readonly store: CheckpointStore;
  /** Name of the job's folder. */
  readonly jobName: string;
  /** The holder's number. It is in the keys, so that no two holders ever write the same one. */
  readonly fence: number;
  /** Writes the keys into the job's row, as its holder: rejects with a `LeaseLostError` when another process has the job. */
  readonly storeState: (state: StoredState) => Promise<void>;
  readonly onFault: (error: unknown) => void;
  readonly onLost: () => void;
}

/** Short epochs must not store a state each. */
const MIN_INTERVAL_MS = 5_000;

export class JobStates {
  private waiting: string | null = null;
  private count = 0;
  private savedAt = -Infinity;
  /** Of the parts of the stored state, as far as they are known. */
  private hashes: Readonly<Record<string, string>> = {};
  private readonly end = new AbortController();
  private readonly flush = shareRuns(() => this.saveWaiting());

  constructor(
    private stored: StoredState,
    private readonly parts: JobStatesParts,
  ) {}

  /** Puts the stored state into the job's folder. @throws {CheckpointError} When a part of it is lost or damaged. */
  async restore(jobDir: string): Promise<void> {
    for (const [part, key] of Object.entries(this.stored)) {
      const from = await this.parts.store.open(key);
      await verifyCheckpoint(from);
      await linkFolder(from, join(jobDir, part));
      this.hashes = { ...this.hashes, [part]: await manifestHash(from) };
    }
  }

  /** Stores the state in the folder `dir` soon, and removes the folder. */
  add(dir: string): void {
    const replaced = this.waiting;
    this.waiting = dir;
    if (replaced !== null) void removeWorkFolder(replaced, this.parts.onFault);
    void this.flush();
  }

  /** Resolves when the last state is stored. */
  async settled(): Promise<void> {
    this.end.abort();
    await this.flush();
  }

  /** Never rejects: nobody waits for it while the training goes on. */
  private async saveWaiting(): Promise<void> {
    if (this.waiting === null) return;
    const waitMs = Math.max(0, this.savedAt + MIN_INTERVAL_MS - performance.now());
    await pause(waitMs, this.end.signal);
    const dir: string = this.waiting;
    this.waiting = null;
    this.savedAt = performance.now();
    await this.save(dir).catch((error: unknown) => {
      if (error instanceof LeaseLostError) this.parts.onLost();
      else this.parts.onFault(error);
    });
    await removeWorkFolder(dir, this.parts.onFault);
  }

  private async save(dir: string): Promise<void> {
    const { store, storeState } = this.parts;
    const before = this.stored;
    const saved: [part: string, SavedPart][] = [];
    for (const part of await readdir(dir)) saved.push([part, await this.savePart(part, join(dir, part))]);
    const next = Object.fromEntries(saved.map(([part, { key }]) => [part, key]));
    // A process that has not got further than the former one gives what that one has stored.
    if (isDeepStrictEqual(next, before)) return;
    await storeState(next);
    this.stored = next;
    this.hashes = Object.fromEntries(saved.map(([part, { hash }]) => [part, hash]));
    const spare = Object.values(before).filter((key) => !Object.values(next).includes(key));
    for (const key of spare) await store.remove(key);
  }

  /** @returns With the former key when it is what is stored already. */
  private async savePart(part: string, dir: string): Promise<SavedPart> {
    const hash = await manifestHash(dir);
    if (this.hashes[part] === hash) return { key: this.stored[part], hash };
    const key = checkpointKey(this.parts.jobName, `${part}-${this.parts.fence}-${++this.count}`);
    await this.parts.store.save(key, dir);
    return { key, hash };
  }
}

async function manifestHash(dir: string): Promise<string> {
  return sha256Hex(await readFile(join(dir, MANIFEST)));
}
