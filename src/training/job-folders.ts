/**
 * The folders of training jobs: each is bound to its database, its job and the job's inputs, so that no other job goes on from its
 * state; and what is no longer needed is removed.
 */
import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import type { TrainingJob } from '../../prisma/generated/sqlite/client';
import type { Database } from '../storage/database';

type Reader = Database['read'];

/** What a folder was made for. Stored in it as `job.json`. */
interface Fingerprint {
  readonly database: string;
  readonly job: string;
  /** SHA-256 of configuration, data scope and reused tokenizer. */
  readonly inputs: string;
}

const FINGERPRINT = 'job.json';
const CHECKPOINT = 'checkpoint';
const MAX_FINGERPRINT_BYTES = 10_000;
/** An orphan may be the folder of a job that a copy of this database runs: it is left alone as long as it is in use. */
const ORPHAN_AGE_MS = 86_400_000;

/** A job of an older version has no key, and its folder has the bare number. */
export function jobFolder(jobsDir: string, { id, key }: Pick<TrainingJob, 'id' | 'key'>): string {
  return join(jobsDir, key === null ? String(id) : `${id}-${key}`);
}

/**
 * Binds a folder to its job before the job begins or goes on. A folder with the state of something else is moved aside, so that the
 * job starts from the beginning.
 *
 * @returns Where the strange folder lies now; null when there was none.
 */
export async function claimJobFolder(client: Reader, dir: string, job: TrainingJob): Promise<string | null> {
  // A folder of an older version has no fingerprint, and its state may go on.
  if (job.key === null) return null;
  const wanted: Fingerprint = { database: await databaseKey(client), job: basename(dir), inputs: inputsOf(job) };
  const entries = await readdir(dir).catch(() => [] as string[]);
  const found = await readFingerprint(dir);
  const isOurs = found !== null && found.database === wanted.database && isOf(found, wanted);
  if (entries.length > 0 && isOurs) return null;
  const aside = entries.length === 0 ? null : `${dir}.aside-${Date.now()}`;
  if (aside !== null) await rename(dir, aside);
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, FINGERPRINT), `${JSON.stringify(wanted, null, 2)}\n`, { flush: true });
  return aside;
}

/**
 * Removes what no job needs any more. A finished job keeps its checkpoint alone, a cancelled or failed one keeps nothing. A folder
 * whose job this database does not have loses its state when nobody has used it for a day; a finished checkpoint in it is kept.
 * Folders of other databases stay as they are.
 */
export async function sweepJobFolders(client: Reader, jobsDir: string, now = Date.now()): Promise<void> {
  const database = await databaseKey(client);
  for (const name of await readdir(jobsDir).catch(() => [] as string[])) {
    const dir = join(jobsDir, name);
    const found = await readFingerprint(dir);
    if (found?.database !== database) continue;
    await sweep(dir, (await lifeOf(client, name, found)) ?? (await orphanLife(dir, now)));
  }
}

type Life = 'IN_USE' | 'FINISHED' | 'ENDED';

/** @returns Null when the database does not have the job. */
async function lifeOf(client: Reader, name: string, { job }: Fingerprint): Promise<Life | null> {
  const row = await client.trainingJob.findFirst({
    where: { key: keyOf(job) },
    include: { modelVersion: { select: { id: true } } },
  });
  if (row === null || name !== job) return null;
  if (row.status === 'QUEUED' || row.status === 'RUNNING') return 'IN_USE';
  return row.modelVersion === null ? 'ENDED' : 'FINISHED';
}

async function orphanLife(dir: string, now: number): Promise<Life> {
  const stats = await lstat(dir).catch(() => null);
  if (stats === null || now - stats.mtimeMs < ORPHAN_AGE_MS) return 'IN_USE';
  return (await readdir(dir)).includes(CHECKPOINT) ? 'FINISHED' : 'ENDED';
}

async function sweep(dir: string, life: Life): Promise<void> {
  if (life === 'IN_USE') return;
  if (life === 'ENDED') return rm(dir, { recursive: true, force: true });
  const kept: readonly string[] = [CHECKPOINT, FINGERPRINT];
  const entries = await readdir(dir).catch(() => [] as string[]);
  const spare = entries.filter((name) => !kept.includes(name));
  for (const name of spare) await rm(join(dir, name), { recursive: true, force: true });
}

/** @returns Null when the folder has none that can be read. */
async function readFingerprint(dir: string): Promise<Fingerprint | null> {
  const path = join(dir, FINGERPRINT);
  try {
    const stats = await lstat(path);
    // A pipe would never end, and a device may give anything.
    if (!stats.isFile() || stats.size > MAX_FINGERPRINT_BYTES) return null;
    const { database, job, inputs } = JSON.parse(await readFile(path, 'utf8')) as Fingerprint;
    return { database: String(database), job: String(job), inputs: String(inputs) };
  } catch {
    return null;
  }
}

async function databaseKey(client: Reader): Promise<string> {
  return (await client.databaseIdentity.findUniqueOrThrow({ where: { id: 1 } })).key;
}

function keyOf(job: string): string {
  return job.slice(job.indexOf('-') + 1);
}

function isOf(found: Fingerprint, wanted: Fingerprint): boolean {
  return found.job === wanted.job && found.inputs === wanted.inputs;
}

function inputsOf({ config, tokenizerId, lastItemId, lastInteractionId, catalogueVersion }: TrainingJob): string {
  const inputs = { config, tokenizerId, lastItemId, lastInteractionId, catalogueVersion };
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
}
