import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TrainingJob } from '../../../prisma/generated/sqlite/client';
import { claimJobFolder, jobFolder, sweepJobFolders } from '../../../src/training/job-folders';
import { emptyTables, storeFakeModel } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';

const DAY_MS = 86_400_000;

let opened: TestDatabase;
let jobsDir: string;
beforeAll(async () => void (opened = await openTestDatabase()));
afterAll(() => opened.dispose());
beforeEach(async () => {
  await emptyTables(opened);
  jobsDir = mkdtempSync(join(tmpdir(), 'tigerql-job-folders-'));
});
afterEach(() => rmSync(jobsDir, { recursive: true }));

function addJob(status: string, changes: Partial<{ seed: number; lastItemId: number }> = {}): Promise<TrainingJob> {
  const { seed = 1, lastItemId = 9 } = changes;
  const scope = { lastItemId, lastInteractionId: 9, catalogueVersion: 1 };
  const settings = { preset: 'tiny', config: { seed }, seed, reuseTokenizer: false, activateWhenBetter: true };
  const key = Array.from({ length: 32 }, () => '0123456789abcdef'[Math.floor(Math.random() * 16)]).join('');
  return opened.database.write(({ trainingJob }) =>
    trainingJob.create({ data: { ...scope, ...settings, key, status } }),
  );
}

const claim = (job: TrainingJob, dir = jobFolder(jobsDir, job)) => claimJobFolder(opened.database.read, dir, job);
const sweep = (now?: number) => sweepJobFolders(opened.database.read, jobsDir, now);

/** Puts state and, if asked, a checkpoint into a job's folder. */
function fill(dir: string, ...names: string[]): void {
  for (const name of names) {
    mkdirSync(join(dir, name));
    writeFileSync(join(dir, name, 'manifest.json'), '{}');
  }
}

describe('claimJobFolder', () => {
  it('keeps the state of the same job', async () => {
    const job = await addJob('RUNNING');
    const dir = jobFolder(jobsDir, job);
    expect(await claim(job)).toBeNull();
    fill(dir, 'seq2seq-state');
    expect(await claim(job)).toBeNull();
    expect(readdirSync(dir).sort()).toEqual(['job.json', 'seq2seq-state']);
  });

  it("moves another job's state aside", async () => {
    const [first, second] = [await addJob('RUNNING'), await addJob('RUNNING', { seed: 777 })];
    await claim(first);
    fill(jobFolder(jobsDir, first), 'seq2seq-state');
    renameSync(jobFolder(jobsDir, first), jobFolder(jobsDir, second));
    const aside = await claim(second);
    expect(readdirSync(aside!).sort()).toEqual(['job.json', 'seq2seq-state']);
    expect(readdirSync(jobFolder(jobsDir, second))).toEqual(['job.json']);
  });

  it('moves the state aside when configuration or data of the job have changed', async () => {
    const job = await addJob('RUNNING');
    await claim(job);
    fill(jobFolder(jobsDir, job), 'seq2seq-state');
    expect(await claim({ ...job, config: { seed: 2 } })).not.toBeNull();
    expect(await claim({ ...job, config: { seed: 2 }, lastInteractionId: 10 })).not.toBeNull();
  });

  it('moves a folder without fingerprint aside', async () => {
    const job = await addJob('RUNNING');
    mkdirSync(jobFolder(jobsDir, job));
    fill(jobFolder(jobsDir, job), 'seq2seq-state');
    expect(await claim(job)).toMatch(/\.aside-\d+$/);
  });

  it('moves the folder of another database aside', async () => {
    const job = await addJob('RUNNING');
    const other = await openTestDatabase();
    await claimJobFolder(other.database.read, jobFolder(jobsDir, job), job);
    await other.dispose();
    expect(await claim(job)).not.toBeNull();
  });
});

describe('sweepJobFolders', () => {
  it('keeps the checkpoint alone of a job that has finished', async () => {
    const job = await addJob('SUCCEEDED');
    const { modelVersionId } = await storeFakeModel(opened, { number: 1, status: 'ACTIVE' });
    await opened.database.write(({ modelVersion }) =>
      modelVersion.update({ where: { id: modelVersionId }, data: { trainingJobId: job.id } }),
    );
    await claim(job);
    fill(jobFolder(jobsDir, job), 'checkpoint', 'tokenizer', 'tokenizer-state', 'seq2seq-state', '.seq2seq-state.12');
    await sweep();
    expect(readdirSync(jobFolder(jobsDir, job)).sort()).toEqual(['checkpoint', 'job.json']);
  });

  it('removes the folder of a job that was cancelled or failed', async () => {
    for (const status of ['CANCELLED', 'FAILED']) {
      const job = await addJob(status);
      await claim(job);
      fill(jobFolder(jobsDir, job), 'seq2seq-state');
    }
    await sweep();
    expect(readdirSync(jobsDir)).toEqual([]);
  });

  it('leaves jobs alone that wait or run', async () => {
    for (const status of ['QUEUED', 'RUNNING']) {
      const job = await addJob(status);
      await claim(job);
      fill(jobFolder(jobsDir, job), 'seq2seq-state');
    }
    await sweep();
    expect(readdirSync(jobsDir).map((name) => readdirSync(join(jobsDir, name)).length)).toEqual([2, 2]);
  });

  it('removes the state of an orphan after a day, and keeps its checkpoint', async () => {
    const [bare, whole] = [await addJob('RUNNING'), await addJob('RUNNING')];
    await claim(bare);
    await claim(whole);
    fill(jobFolder(jobsDir, bare), 'seq2seq-state');
    fill(jobFolder(jobsDir, whole), 'seq2seq-state', 'checkpoint');
    await emptyTables(opened);
    await sweep();
    expect(readdirSync(jobsDir)).toHaveLength(2);
    await sweep(Date.now() + 2 * DAY_MS);
    expect(existsSync(jobFolder(jobsDir, bare))).toBe(false);
    expect(readdirSync(jobFolder(jobsDir, whole)).sort()).toEqual(['checkpoint', 'job.json']);
  });

  it('touches no folder of another database, and none without fingerprint', async () => {
    const other = await openTestDatabase();
    const job = await addJob('CANCELLED');
    await claimJobFolder(other.database.read, jobFolder(jobsDir, job), job);
    await other.dispose();
    mkdirSync(join(jobsDir, '7'));
    utimesSync(join(jobsDir, '7'), 0, 0);
    await sweep(Date.now() + 2 * DAY_MS);
    expect(readdirSync(jobsDir)).toHaveLength(2);
  });
});
