/** Removes what nobody needs any more: files of training jobs, and trained versions that nobody will go back to. */
import type { Tokenizer } from '../../prisma/generated/sqlite/client';
import { type CheckpointStore } from '../checkpoints/checkpoint-store';
import type { Database } from '../storage/database';
import type { Transaction } from '../storage/transaction';
import { jobName, removeWorkFolders } from './job-folders';
import { ROWS_PER_PIECE } from './training-results';

/**
 * Removes what no job needs any more: of a finished job all but the checkpoints that the database names, of one that was cancelled or
 * failed everything. Files of a job under way stay until its end, and those of no job of this database for good: they may be another's.
 */
export async function sweepFiles(
  database: Pick<Database, 'read' | 'write'>,
  store: CheckpointStore,
  dataDir: string,
): Promise<void> {
  const { ended, named, unfinished } = await readFilesInUse(database.read);
  const isSpare = (key: string) => !named.has(key) && ended.has(key.split('/')[1]);
  for (const { id, checkpointDir } of unfinished) if (isSpare(checkpointDir)) await removeTokenizer(database, id);
  for (const key of await store.list()) if (isSpare(key)) await store.remove(key);
  await removeWorkFolders(dataDir, (job) => ended.has(job));
}

interface FilesInUse {
  /** Names of the jobs that have ended. */
  readonly ended: ReadonlySet<string>;
  /** The keys that rows name. */
  readonly named: ReadonlySet<string>;
  /** Tokenizers that no version names and no training under way reuses: their codes may not be all stored. */
  readonly unfinished: readonly Pick<Tokenizer, 'id' | 'checkpointDir'>[];
}

/** Reads the jobs first: once a job has ended, it can name no more checkpoints, so what is not named in the later reads will never be. */
async function readFilesInUse(client: Database['read']): Promise<FilesInUse> {
  const jobs = await client.trainingJob.findMany({
    where: { finishedAt: { not: null } },
    select: { id: true, key: true },
  });
  const versions = await client.modelVersion.findMany({ select: { checkpointDir: true } });
  const one = { select: { id: true }, take: 1 };
  const trainingJobs = { ...one, where: { finishedAt: null } };
  const select = { id: true, checkpointDir: true, modelVersions: one, trainingJobs };
  const tokenizers = await client.tokenizer.findMany({ select });
  // One that a training under way reuses is needed also when its last version has been removed.
  const isNeeded = (each: (typeof tokenizers)[number]) => each.modelVersions.length + each.trainingJobs.length > 0;
  return {
    ended: new Set(jobs.map(jobName)),
    named: new Set([...versions, ...tokenizers.filter(isNeeded)].map(({ checkpointDir }) => checkpointDir)),
    unfinished: tokenizers.filter((tokenizer) => !isNeeded(tokenizer)),
  };
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
