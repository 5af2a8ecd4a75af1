/** The files of a training job: the folder that it works in, the keys of what it stores, and its stored states. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { MANIFEST, verifyCheckpoint } from '../../models/checkpoint/checkpoint';
import { makeFolder } from '../../models/checkpoint/make-folder';
import type { TrainingJob } from '../../prisma/generated/sqlite/client';
import type { CheckpointStore } from '../checkpoints/checkpoint-store';
import { linkFolder, sha256Hex } from '../files/disk';
import { pause } from '../waiting/polling';
import { shareRuns } from '../waiting/promises';

/** The folder of DATA_DIR where trainings work: `work/<fence>/<job>`. */
const WORK = 'work';

/** A job's checkpoints are bound to this name. A job of an older version has no key. */
export function jobName({ id, key }: Pick<TrainingJob, 'id' | 'key'>): string {
  return key === null ? String(id) : `${id}-${key}`;
}

/** @param name - Name of the checkpoint; it differs from one holder of the job to the next. */
export function checkpointKey(job: string, name: string): string {
  return `jobs/${job}/${name}`;
}

/** Makes an empty folder for one holder of a job, and removes those of the former ones. Each has its own: one may only have been asleep. */
export async function openWorkFolder(dataDir: string, job: string, fence: number): Promise<string> {
  await removeWorkFolders(dataDir, (name, number) => name === job && number <= fence);
  const dir = join(dataDir, WORK, String(fence), job);
  await makeFolder(dir);
  return dir;
}

/** Removes the folders in which holders of jobs work, with the copies of their states. */
export async function removeWorkFolders(
  dataDir: string,
  isSpare: (job: string, fence: number) => boolean,
): Promise<void> {
  const work = join(dataDir, WORK);
  for (const fence of await namesIn(work))
    for (const name of await namesIn(join(work, fence)))
      if (isSpare(name.replace(STATES, ''), Number(fence)))
        await rm(join(work, fence, name), { recursive: true, force: true });
}

/** @returns The names in a folder; none when there is no such folder. */
function namesIn(dir: string): Promise<string[]> {
  return readdir(dir).catch(() => []);
}

/** Removes a folder of a job. What the disk does not let go now, a later sweep removes. */
export async function removeWorkFolder(dir: string, onFault: (error: unknown) => void): Promise<void> {
  await rm(dir, { recursive: true, force: true }).catch(onFault);
}

/** @returns The folder for copies of a training's states, beside the folder that it works in. */
export function statesFolder(workFolder: string): string {
  return `${workFolder}${STATES}`;
}

const STATES = '.states';

/** Part of the training → key. */
export type StoredState = Readonly<Record<string, string>>;

interface SavedPart {
  readonly key: string;
  /** Hash of its manifest, which has the hashes of its files. */
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
  /** Called when a state could not be stored, or its folder not be removed. The training goes on. */
  readonly onError: (error: unknown) => void;
}

/** Short epochs must not store a state each. */
const MIN_INTERVAL_MS = 5_000;

/**
 * The states of a running job in the checkpoint store, from which another process goes on. The job's row names the newest. While one is
 * stored the training goes on; of those that come meanwhile only the last is stored.
 */
export class JobStates {
  private waiting: string | null = null;
  private count = 0;
  private savedAt = -Infinity;
  /** Hashes of the stored state's parts, as far as they are known. */
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
    if (replaced !== null) void removeWorkFolder(replaced, this.parts.onError);
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
    await this.save(dir).catch(this.parts.onError);
    await removeWorkFolder(dir, this.parts.onError);
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
