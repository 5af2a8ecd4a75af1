/** The files of training jobs: the folder that a job works in, the keys of what it stores, and what nobody needs any more. */
import { lstat, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { MANIFEST } from '../../models/checkpoint/checkpoint';
import { makeFolder } from '../../models/checkpoint/make-folder';
import type { Tokenizer, TrainingJob } from '../../prisma/generated/sqlite/client';
import { keyOf } from '../checkpoints/checkpoint-paths';
import type { CheckpointStore } from '../checkpoints/checkpoint-store';
import type { Database } from '../storage/database';
import { removeTokenizer } from './remove-tokenizer';

type Reader = Database['read'];

/** The folder of DATA_DIR where trainings work: `work/<fence>/<job>`. */
const WORK = 'work';

/** What no job of this database owns may belong to a copy of the database: it is left alone as long as it is in use. */
const ORPHAN_AGE_MS = 86_400_000;

/** A job's checkpoints are bound to this name. A job of an older version has no key. */
export function jobName({ id, key }: Pick<TrainingJob, 'id' | 'key'>): string {
  return key === null ? String(id) : `${id}-${key}`;
}

/** @param name - Of the checkpoint; it differs from one holder of the job to the next. */
export function checkpointKey(job: string, name: string): string {
  return `jobs/${job}/${name}`;
}

/**
 * Makes an empty folder for one holder of a job. Former holders have folders of their own, since one that was only asleep may still
 * write into his.
 */
export async function openWorkFolder(dataDir: string, job: string, fence: number): Promise<string> {
  const dir = join(dataDir, WORK, String(fence), job);
  await rm(dir, { recursive: true, force: true });
  await makeFolder(dir);
  return dir;
}

/** Removes a folder of a job. What the disk does not let go now, a later sweep removes. */
export async function removeWorkFolder(dir: string, onFault: (error: unknown) => void): Promise<void> {
  await rm(dir, { recursive: true, force: true }).catch(onFault);
}

/** Where a training puts copies of its states, beside the folder that it works in. */
export function statesFolder(workFolder: string): string {
  return `${workFolder}.states`;
}

/** @returns When the newest state in a job's folders was written, in milliseconds since 1970; 0 when there is none. */
export async function newestState(dataDir: string, job: Pick<TrainingJob, 'id' | 'key'>): Promise<number> {
  const work = join(dataDir, WORK);
  const times = [0];
  for (const fence of await namesIn(work)) {
    const dir = join(work, fence, jobName(job));
    for (const phase of await namesIn(dir)) {
      const written = await stat(join(dir, phase, MANIFEST)).catch(() => null);
      times.push(written?.mtimeMs ?? 0);
    }
  }
  return Math.max(...times);
}

function namesIn(dir: string): Promise<string[]> {
  return readdir(dir).catch(() => []);
}

/**
 * Removes what no job needs any more: of a finished job all but the checkpoints that the database names, of one that was cancelled or
 * failed everything, of one under way what former holders have stored. What belongs to no job of this database is removed when it is a
 * day old, unless it is a finished checkpoint: another database may name that one.
 */
export async function sweepJobs(
  database: Pick<Database, 'read' | 'write'>,
  store: CheckpointStore,
  dataDir: string,
  now = Date.now(),
): Promise<void> {
  const inUse = await readFilesInUse(database.read);
  for (const { id, checkpointDir } of inUse.unfinished) {
    if (isSpare(inUse, { key: keyOf(checkpointDir), age: 0 })) await removeTokenizer(database, id);
  }
  for (const { key, storedAt } of await store.list()) {
    if (isSpare(inUse, { key, age: now - storedAt.getTime() })) await store.remove(key);
  }
  await sweepWork(inUse, join(dataDir, WORK), now);
}

interface FilesInUse {
  /**
   * The number of the holder of each job that waits or runs, by name: 0 before the first one, and a later holder has a higher number.
   * Null: the job has ended.
   */
  readonly fences: ReadonlyMap<string, number | null>;
  /** The keys that rows name. */
  readonly named: ReadonlySet<string>;
  /** Tokenizers that no version names and no training under way reuses: their codes may not be all stored. */
  readonly unfinished: readonly Pick<Tokenizer, 'id' | 'checkpointDir'>[];
}

/**
 * Reads in an order that needs no common snapshot. Once a holder is seen in the leases, no former one can name a state in its job any
 * more; once a job is seen to have ended, it can name no more checkpoints. So what is not named in the later reads will never be.
 */
async function readFilesInUse(client: Reader): Promise<FilesInUse> {
  const leases = await client.lease.findMany();
  const jobs = await client.trainingJob.findMany({
    select: { id: true, key: true, finishedAt: true, snapshot: true },
  });
  const versions = await client.modelVersion.findMany({ select: { checkpointDir: true } });
  const one = { select: { id: true }, take: 1 };
  const trainingJobs = { ...one, where: { finishedAt: null } };
  const select = { id: true, checkpointDir: true, modelVersions: one, trainingJobs };
  const tokenizers = await client.tokenizer.findMany({ select });
  const fenceOf = new Map(leases.map(({ name, fence }) => [name, fence]));
  // One that a training under way reuses is needed also when its last version has been removed.
  const isNeeded = (each: (typeof tokenizers)[number]) => each.modelVersions.length + each.trainingJobs.length > 0;
  const open = jobs.filter(({ finishedAt }) => finishedAt === null);
  return {
    fences: new Map(
      jobs.map((job) => [jobName(job), job.finishedAt === null ? (fenceOf.get(leaseName(job.id)) ?? 0) : null]),
    ),
    named: new Set([
      ...[...versions, ...tokenizers.filter(isNeeded)].map(({ checkpointDir }) => keyOf(checkpointDir)),
      ...open.flatMap(({ snapshot }) => Object.values((snapshot ?? {}) as Record<string, string>)),
    ]),
    unfinished: tokenizers.filter((tokenizer) => !isNeeded(tokenizer)),
  };
}

export function leaseName(jobId: number): string {
  return `training-job/${jobId}`;
}

interface Stored {
  readonly key: string;
  readonly age: number;
}

function isSpare({ fences, named }: FilesInUse, { key, age }: Stored): boolean {
  if (named.has(key)) return false;
  const [, job, name = ''] = key.split('/');
  const fence = fences.get(job);
  if (fence === undefined) return age > ORPHAN_AGE_MS && !name.startsWith('checkpoint');
  return isFormer(fenceIn(name), fence);
}

/** The present holder, or one that has come since the jobs were read, may be about to name a checkpoint, and works in its folder. */
function isFormer(fence: number, present: number | null): boolean {
  return present === null || fence < present;
}

/** Names have the holder's number behind the part's name: `checkpoint-2`, `features0-2-3`, `seq2seq-state-2-7`. */
function fenceIn(name: string): number {
  return Number(/^[a-z][a-z0-9]*(?:-state)?-(\d+)/.exec(name)?.[1] ?? 0);
}

async function sweepWork({ fences }: FilesInUse, work: string, now: number): Promise<void> {
  for (const fence of await namesIn(work)) {
    for (const job of await namesIn(join(work, fence))) {
      const dir = join(work, fence, job);
      const present = fences.get(job);
      const isSpare =
        present === undefined ? now - (await lastUse(dir, now)) > ORPHAN_AGE_MS : isFormer(Number(fence), present);
      if (isSpare) await rm(dir, { recursive: true, force: true });
    }
  }
}

async function lastUse(dir: string, now: number): Promise<number> {
  return lstat(dir).then(
    ({ mtimeMs }) => mtimeMs,
    () => now,
  );
}
