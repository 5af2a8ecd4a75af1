import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { saveCheckpoint } from '../../../models/checkpoint/checkpoint';
import type { TrainingJob } from '../../../prisma/generated/sqlite/client';
import { FolderStore } from '../../../src/checkpoints/folder-store';
import { insertRows } from '../../../src/storage/bulk-rows';
import { codesKey } from '../../../src/storage/code-keys';
import { checkpointKey, jobName, openWorkFolder } from '../../../src/training/job-folders';
import { pruneModels, sweepFiles } from '../../../src/training/removal';
import { emptyTables, storeFakeModel, storeTrainingJob } from '../../support/catalogue';
import { useTestDatabase } from '../../support/database';
import { describeOnBoth } from '../../support/postgres';
import { temporaryFolder } from '../../support/temporary-folder';

describe('sweepFiles', () => {
  const opened = useTestDatabase();
  let dataDir: string;
  let store: FolderStore;
  let jobs = 0;
  beforeEach(async () => {
    await emptyTables(opened);
    dataDir = temporaryFolder();
    store = new FolderStore(dataDir);
  });

  const newKey = () => String(++jobs).padStart(32, '0');

  function addJob(status: string): Promise<TrainingJob> {
    const finishedAt = ['QUEUED', 'RUNNING'].includes(status) ? null : new Date();
    return storeTrainingJob(opened.database, { key: newKey(), status, finishedAt });
  }

  async function save(job: string, ...names: string[]): Promise<void> {
    for (const name of names)
      await saveCheckpoint(join(dataDir, checkpointKey(job, name)), { tensors: {}, documents: {} });
  }

  const kept = async () => (await store.list()).map((key) => key.slice(key.lastIndexOf('/') + 1)).sort();
  const sweep = () => sweepFiles(opened.database, store, dataDir);

  it('keeps of a finished job what the database names, and of a failed one nothing', async () => {
    const [finished, failed] = [await addJob('SUCCEEDED'), await addJob('FAILED')];
    await storeFakeModel(opened, {
      number: 1,
      status: 'TRAINED',
      checkpointDir: `jobs/${jobName(finished)}/checkpoint-2`,
    });
    await save(jobName(finished), 'checkpoint-1', 'checkpoint-2', 'seq2seq-state-1-4');
    await save(jobName(failed), 'seq2seq-state-1-9');
    await openWorkFolder(dataDir, jobName(failed), 1);
    await sweep();
    expect(await kept()).toEqual(['checkpoint-2']);
    expect(existsSync(join(dataDir, 'work', '1', jobName(failed)))).toBe(false);
  });

  it('keeps of a job under way all that its holders have stored', async () => {
    const job = await addJob('RUNNING');
    const names = ['checkpoint-1', 'seq2seq-state-1-7', 'seq2seq-state-2-1'];
    await save(jobName(job), ...names);
    const [former, present] = [await openWorkFolder(dataDir, jobName(job), 1), await openWorkFolder(dataDir, jobName(job), 2)]; // prettier-ignore
    await sweep();
    expect(await kept()).toEqual(names);
    expect([former, present].map((dir) => existsSync(dir))).toEqual([false, true]);
  });

  it('keeps a tokenizer without a version, and its files, while a training under way reuses it', async () => {
    const [made, reusing] = [await addJob('SUCCEEDED'), await addJob('RUNNING')];
    const checkpointDir = checkpointKey(jobName(made), 'checkpoint-1');
    const { tokenizerId, modelVersionId } = await storeFakeModel(opened, {
      number: 1,
      status: 'TRAINED',
      checkpointDir,
    });
    await save(jobName(made), 'checkpoint-1');
    await opened.database.write(async ({ modelVersion, trainingJob }) => {
      await modelVersion.delete({ where: { id: modelVersionId } });
      await trainingJob.update({ where: { id: reusing.id }, data: { tokenizerId } });
    });
    await sweep();
    expect(await opened.database.read.tokenizer.count()).toBe(1);
    expect(await kept()).toEqual(['checkpoint-1']);
    await opened.database.write(({ trainingJob }) =>
      trainingJob.update({ where: { id: reusing.id }, data: { status: 'FAILED', finishedAt: new Date() } }),
    );
    await sweep();
    expect(await opened.database.read.tokenizer.count()).toBe(0);
    expect(await kept()).toEqual([]);
  });

  it('removes the tokenizer that a failed job has stored in part, and keeps that of a job under way', async () => {
    const [job, failed] = [await addJob('RUNNING'), await addJob('FAILED')];
    const numbers: number[] = [];
    for (const owner of [job, failed]) {
      const checkpointDir = checkpointKey(jobName(owner), 'checkpoint-1');
      const { tokenizerId, modelVersionId } = await storeFakeModel(opened, { number: 1, status: 'TRAINED', checkpointDir }); // prettier-ignore
      numbers.push(tokenizerId);
      await opened.database.write(async (transaction) => {
        await transaction.modelVersion.delete({ where: { id: modelVersionId } });
        const prefixes = Array.from({ length: 2_001 }, (_, i) => ({ tokenizerId, level: 1, prefixKey: codesKey([i]), itemCount: 1 })); // prettier-ignore
        await insertRows(transaction, 'SemanticIdPrefix', prefixes);
      });
      await save(jobName(owner), 'checkpoint-1');
    }
    await sweep();
    expect(await store.list()).toEqual([checkpointKey(jobName(job), 'checkpoint-1')]);
    const { tokenizer, semanticIdPrefix } = opened.database.read;
    expect((await tokenizer.findMany()).map(({ id }) => id)).toEqual([numbers[0]]);
    expect(await semanticIdPrefix.count()).toBe(2_001);
  });

  it('leaves the files of no job of this database alone', async () => {
    const orphan = `77-${newKey()}`;
    await save(orphan, 'checkpoint-1', 'seq2seq-state-1-1');
    const work = await openWorkFolder(dataDir, orphan, 1);
    await sweep();
    expect(await kept()).toHaveLength(2);
    expect(existsSync(work)).toBe(true);
  });
});

describeOnBoth('pruneModels', (opened) => {
  beforeEach(() => emptyTables(opened));

  async function store(...versions: ('ACTIVE' | 'RETIRED' | 'REJECTED' | 'TRAINED')[]): Promise<number[]> {
    const tokenizers: number[] = [];
    for (const [i, status] of versions.entries())
      tokenizers.push((await storeFakeModel(opened, { number: i + 1, status })).tokenizerId);
    return tokenizers;
  }

  async function giveIds(tokenizerId: number, count: number): Promise<void> {
    await opened.database.write(async ({ item, semanticId, semanticIdPrefix }) => {
      const items = Array.from({ length: count }, (__, i) => ({
        externalId: `${tokenizerId}-${i}`,
        title: `item ${i}`,
      }));
      await item.createMany({ data: items.map((one) => ({ ...one, sortTitle: one.title })) });
      const rows = await item.findMany({ where: { externalId: { startsWith: `${tokenizerId}-` } } });
      await semanticId.createMany({ data: rows.map(({ id }) => ({ tokenizerId, itemId: id, codesKey: String(id) })) });
      await semanticIdPrefix.create({ data: { tokenizerId, level: 0, prefixKey: '', itemCount: count } });
    });
  }

  const numbers = async () =>
    (await opened.database.read.modelVersion.findMany({ orderBy: { number: 'asc' } })).map(({ number }) => number);
  const tokenizers = async () =>
    (await opened.database.read.tokenizer.findMany({ orderBy: { id: 'asc' } })).map(({ id }) => id);

  it('keeps the active version and the newest others, and removes the rest with all of their IDs', async () => {
    const [first, active, , fourth, fifth] = await store('RETIRED', 'ACTIVE', 'REJECTED', 'RETIRED', 'TRAINED');
    await giveIds(first, 12);
    await giveIds(active, 3);
    expect(await pruneModels(opened.database, 2)).toEqual({ versions: [3, 1], tokenizers: 2 });
    expect(await numbers()).toEqual([2, 4, 5]);
    expect(await tokenizers()).toEqual([active, fourth, fifth]);
    const { semanticId, semanticIdPrefix } = opened.database.read;
    expect([await semanticId.count(), await semanticIdPrefix.count()]).toEqual([3, 1]);
    expect(await pruneModels(opened.database, 2)).toEqual({ versions: [], tokenizers: 0 });
  });

  it('keeps versions that a running experiment, or the newest state of a placement, names', async () => {
    await store('RETIRED', 'RETIRED', 'RETIRED', 'RETIRED', 'RETIRED', 'ACTIVE');
    const rows = await opened.database.read.modelVersion.findMany({ orderBy: { number: 'asc' } });
    const [first, second, third, fourth] = rows.map(({ id }) => id);
    await opened.database.write(async ({ placementState, experiment }) => {
      const stateOf = (number: number, modelVersionId: number) => ({ rules: [], modelVersionId, number });
      for (const { number, ...definition } of [stateOf(1, third), stateOf(2, first)])
        await placementState.create({ data: { name: 'home', number, definition } });
      for (const [modelVersionId, stoppedAt] of [
        [second, null],
        [fourth, new Date()],
      ] as const) {
        const arms = { create: [{ name: 'a', percent: 100, modelVersionId }] };
        const data = { placement: 'home', metric: 'CLICKED', startedAt: new Date(0), stoppedAt, arms };
        await experiment.create({ data });
      }
    });
    expect((await pruneModels(opened.database, 1)).versions).toEqual([4, 3]);
    expect(await numbers()).toEqual([1, 2, 5, 6]);
  });

  it('keeps a tokenizer that another version has, and all that a training under way may need', async () => {
    const [first, second] = await store('RETIRED', 'RETIRED', 'ACTIVE');
    const data = { tokenizerId: first };
    await opened.database.write(({ modelVersion }) => modelVersion.update({ where: { number: 3 }, data }));
    await storeTrainingJob(opened.database, { tokenizerId: second, reuseTokenizer: true });
    // The training has stored its own tokenizer, which no version names yet.
    const { tokenizerId, modelVersionId } = await storeFakeModel(opened, { number: 4, status: 'TRAINED' });
    await opened.database.write(async ({ modelVersion, tokenizer }) => {
      await modelVersion.delete({ where: { id: modelVersionId } });
      // Its server's clock is behind that of the server where it was requested.
      await tokenizer.update({ where: { id: tokenizerId }, data: { createdAt: new Date(Date.now() - 60_000) } });
    });
    expect((await pruneModels(opened.database, 1)).versions).toEqual([1]);
    expect(await tokenizers()).toEqual(expect.arrayContaining([first, second, tokenizerId]));
  });
});
