/** Removes what nobody needs any more: files of training jobs, and trained versions that nobody will go back to. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { Tokenizer } from '../../prisma/generated/sqlite/client';
import { type CheckpointStore } from '../checkpoints/checkpoint-store';
import type { Database } from '../storage/database';
import type { Transaction } from '../storage/transaction';
import { jobName, namesIn, WORK } from './job-folders';
import { leaseName } from './job-row';
import { ROWS_PER_PIECE } from './training-results';

/**
 * Removes what no job needs any more: of a finished job all but the checkpoints that the database names, of one that was cancelled or
 * failed everything, of one under way what former holders have stored. Files of no job of this database stay: they may be another's.
 */
export async function sweepFiles(
  database: Pick<Database, 'read' | 'write'>,
  store: CheckpointStore,
  dataDir: string,
): Promise<void> {
  const inUse = await readFilesInUse(database.read);
  for (const { id, checkpointDir } of inUse.unfinished) {
    if (isSpare(inUse, checkpointDir)) await removeTokenizer(database, id);
  }
  for (const key of await store.list()) {
    if (isSpare(inUse, key)) await store.remove(key);
  }
  await sweepWork(inUse, join(dataDir, WORK));
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
async function readFilesInUse(client: Database['read']): Promise<FilesInUse> {
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
      ...[...versions, ...tokenizers.filter(isNeeded)].map(({ checkpointDir }) => checkpointDir),
      ...open.flatMap(({ snapshot }) => Object.values((snapshot ?? {}) as Record<string, string>)),
    ]),
    unfinished: tokenizers.filter((tokenizer) => !isNeeded(tokenizer)),
  };
}

function isSpare({ fences, named }: FilesInUse, key: string): boolean {
  const [, job, name = ''] = key.split('/');
  return !named.has(key) && isFormer(fenceIn(name), fences.get(job));
}

/**
 * The present holder, or one that has come since the jobs were read, may be about to name a checkpoint, and works in its folder.
 *
 * @param present - Null: the job has ended. Undefined: it is no job of this database.
 */
function isFormer(fence: number, present: number | null | undefined): boolean {
  return present === null || (present !== undefined && fence < present);
}

/** Names have the holder's number behind the part's name: `checkpoint-2`, `seq2seq-state-2-7`. */
function fenceIn(name: string): number {
  return Number(/^[a-z][a-z0-9]*(?:-state)?-(\d+)/.exec(name)?.[1] ?? 0);
}

async function sweepWork({ fences }: FilesInUse, work: string): Promise<void> {
  for (const fence of await namesIn(work)) {
    for (const job of await namesIn(join(work, fence))) {
      if (isFormer(Number(fence), fences.get(job))) await rm(join(work, fence, job), { recursive: true, force: true });
    }
  }
}

export interface Pruned {
  /** Numbers of the versions that were removed, the newest first. */
  readonly versions: readonly number[];
  /** Tokenizers that went with their last version. */
  readonly tokenizers: number;
}

/**
 * Removes the versions that nothing uses, but not the newest ones. Their files become spare: see `sweepFiles`. The active version is in
 * use, and so are those of an arm of a running experiment, of a placement's newest state, and of a training that has not ended.
 *
 * @param keep - How many of those that are not in use stay.
 */
export async function pruneModels(database: Database, keep: number): Promise<Pruned> {
  const removed = await database.write((transaction) => removeVersions(transaction, keep));
  const unused = await unusedTokenizers(
    database,
    removed.map(({ tokenizerId }) => tokenizerId),
  );
  for (const tokenizerId of unused) await removeTokenizer(database, tokenizerId);
  return { versions: removed.map(({ number }) => number), tokenizers: unused.length };
}

async function removeVersions(transaction: Transaction, keep: number) {
  const { modelVersion } = transaction;
  const spare = await modelVersion.findMany({
    where: {
      status: { not: 'ACTIVE' },
      id: { notIn: await namedVersions(transaction) },
      OR: [{ trainingJobId: null }, { trainingJob: { finishedAt: { not: null } } }],
    },
    orderBy: { number: 'desc' },
    skip: keep,
    select: { id: true, number: true, tokenizerId: true },
  });
  await modelVersion.deleteMany({ where: { id: { in: spare.map(({ id }) => id) } } });
  return spare;
}

/** @returns Ids of the versions that arms of running experiments and newest states of placements name. */
async function namedVersions({ experimentArm, placementState }: Transaction): Promise<number[]> {
  const arms = await experimentArm.findMany({
    where: { modelVersionId: { not: null }, experiment: { stoppedAt: null } },
    select: { modelVersionId: true },
  });
  const states = await placementState.findMany({ orderBy: { number: 'desc' }, distinct: ['name'] });
  const named = [...arms, ...states.map(({ definition }) => definition as { modelVersionId?: number | null })];
  return named.flatMap(({ modelVersionId }) => modelVersionId ?? []);
}

/**
 * A training under way may reuse one. One that it has stored itself is not among those of removed versions, and what a killed process
 * leaves `sweepFiles` removes.
 */
async function unusedTokenizers({ read }: Database, ids: readonly number[]): Promise<number[]> {
  const found = await read.tokenizer.findMany({
    where: { id: { in: [...ids] }, modelVersions: { none: {} }, trainingJobs: { none: { finishedAt: null } } },
    select: { id: true },
  });
  return found.map(({ id }) => id);
}

/** Removes a tokenizer that no version names, with its semantic IDs and their counts. Others may write between two of its transactions. */
async function removeTokenizer(database: Pick<Database, 'write'>, id: number): Promise<void> {
  const some = { where: { tokenizerId: id }, limit: ROWS_PER_PIECE };
  while ((await database.write(({ semanticIdPrefix }) => semanticIdPrefix.deleteMany(some))).count > 0);
  while ((await database.write(({ semanticId }) => semanticId.deleteMany(some))).count > 0);
  await database.write(({ tokenizer }) => tokenizer.deleteMany({ where: { id, modelVersions: { none: {} } } }));
}
