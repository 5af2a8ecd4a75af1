import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { openDatabase } from '../../../src/storage/database';
import { releaseLease } from '../../../src/storage/leases';
import { leaseName } from '../../../src/training/job-row';
import { openCommandFolder } from '../../support/command-run';
import { writeLittleDataset } from '../../support/little-dataset';
import { tigerql } from '../../support/tigerql';
import { until } from '../../support/until';

// The second test finds what the first one left.
describe('tigerql train', () => {
  const { dir, run, runJson } = openCommandFolder();
  beforeAll(async () => {
    writeLittleDataset(join(dir, 'dataset'));
    await runJson('import', join(dir, 'dataset'));
  });

  it('stops on SIGINT, and leaves a job that the same command goes on with', async () => {
    const interrupt = (text: string) => (text.includes('Learning') ? 'SIGINT' : null);
    const train = () => tigerql(dir, ['train', '--preset', 'demo'], {}, interrupt);
    const { code, stderr } = await train();
    expect(code).toBe(1);
    expect(stderr).toMatch(/tigerql: stopped\n$/);
    expect((await train()).stderr).toContain('Training job 1 goes on.');
    const atOnce = (text: string) => (text.includes('came before') ? 'SIGINT' : null);
    const other = await tigerql(dir, ['train', '--preset', 'demo', '--seed', '2'], {}, atOnce);
    expect(other.stderr).toContain('Training job 1 came before: it runs first, unless another process has it.');
    const database = await openDatabase(`file:${join(dir, 'shop.db')}`);
    expect(await database.read.trainingJob.findMany()).toMatchObject([
      { preset: 'demo', seed: 1, finishedAt: null },
      { preset: 'demo', seed: 2, finishedAt: null },
    ]);
    // Otherwise the next command would continue it first.
    await database.write((transaction) =>
      transaction.trainingJob.updateMany({ data: { status: 'CANCELLED', finishedAt: new Date() } }),
    );
    await database.dispose();
  });

  it('says in one line that a training has failed', async () => {
    const broken = join(dir, 'broken');
    mkdirSync(broken);
    writeFileSync(join(broken, 'work'), 'no folder');
    const failed = await run(['train', '--preset', 'tiny', '--seed', '4'], { DATA_DIR: broken });
    expect([failed.code, failed.stdout]).toEqual([1, '']);
    const [line, ...more] = failed.stderr.split('\n').filter((text) => text.includes('not a directory'));
    expect([line, more]).toEqual([expect.stringMatching(/^tigerql: training job \d+: failed: /), []]);
  });

  it('takes its job when another process that has taken it leaves it, makes a model that is live, and prints its metrics', async () => {
    const database = await openDatabase(`file:${join(dir, 'shop.db')}`);
    const id = (await database.read.trainingJob.count()) + 1;
    const lease = { name: leaseName(id), fence: 1, holder: 'another', expiresAt: new Date(Date.now() + 15_000) };
    await database.write((transaction) => transaction.lease.create({ data: lease }));
    const training = runJson('train', '--preset', 'tiny', '--seed', '3');
    const isStarted = () => database.read.trainingJob.findUnique({ where: { id } });
    await until(async () => (await isStarted()) !== null);
    await database.write((transaction) => releaseLease(transaction, lease));
    expect(await training).toMatchObject({
      job: { id, status: 'SUCCEEDED' },
      modelVersion: {
        preset: 'tiny',
        status: 'ACTIVE',
        metrics: expect.arrayContaining([expect.objectContaining({ name: 'recall@10' })]),
      },
    });
    await database.dispose();
  });
});
