import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ApiKeys } from '../../../src/api/api-keys';
import { readDataset } from '../../../src/datasets/read-dataset';
import { openDatabase } from '../../../src/storage/database';
import { writeLittleDataset } from '../../support/little-dataset';
import { tigerql } from '../../support/tigerql';

const dir = mkdtempSync(join(tmpdir(), 'tigerql-commands-'));
const dataset = join(dir, 'dataset');
const counts = writeLittleDataset(dataset);
const NONE = { items: 0, users: 0, interactions: 0 };

afterAll(() => rmSync(dir, { recursive: true }));

/** @returns What the command printed with `--json`, which must be one document. */
async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await tigerql(dir, [...args, '--json']);
  if (code !== 0) throw new Error(`tigerql ${args.join(' ')}: expected exit code 0, got ${code}\n${stderr}`);
  return JSON.parse(stdout) as Record<string, unknown>;
}

// One story on one database: each command finds what those before it left.
describe('the commands', () => {
  it('import refuses a broken dataset before it makes a database', async () => {
    const broken = join(dir, 'broken');
    writeLittleDataset(broken);
    writeFileSync(join(broken, 'sequences.txt'), 'ann item-1\nbob item-99\n');
    const { code, stdout, stderr } = await tigerql(dir, ['import', broken]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`${join(broken, 'sequences.txt')}:2: item item-99: expected an item`);
    expect(existsSync(join(dir, 'shop.db'))).toBe(false);
  });

  it('import loads a dataset once, however often it is asked', async () => {
    expect(await json('import', dataset)).toMatchObject({ read: counts, added: counts });
    expect(await json('import', dataset)).toMatchObject({ read: counts, added: NONE });
  });

  it('import refuses vectors that are not as wide as those in the database', async () => {
    const wide = join(dir, 'wide');
    writeLittleDataset(wide);
    writeFileSync(join(wide, 'vectors.json'), JSON.stringify({ rows: counts.items, dims: 4, dtype: 'float32' }));
    writeFileSync(join(wide, 'vectors.float32.bin'), new Float32Array(counts.items * 4).fill(1));
    const { code, stderr } = await tigerql(dir, ['import', wide]);
    expect(code).toBe(1);
    expect(stderr).toContain('vectors: expected 16 numbers each, as in the database, got 4');
  });

  it('recommend answers from popularity while there is no model', async () => {
    const { recommendations } = await json('recommend', '--user', 'user-0', '--first', '3');
    expect(recommendations).toEqual(
      [1, 2, 3].map((rank) =>
        expect.objectContaining({
          ...{ rank, source: 'POPULARITY', semanticId: null },
          ...{ decoderScore: null, itemHeadScore: null },
        }),
      ),
    );
  });

  it('recommend says that it does not know a user', async () => {
    const { code, stdout, stderr } = await tigerql(dir, ['recommend', '--user', 'nobody']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('tigerql: user nobody: expected a user in the database, got none\n');
  });

  it('train stops on SIGINT, and leaves the job to be gone on with', async () => {
    const interrupt = (text: string) => (text.includes('Learning') ? 'SIGINT' : null);
    const { code, stderr } = await tigerql(dir, ['train', '--preset', 'demo'], {}, interrupt);
    expect(code).toBe(1);
    expect(stderr).toMatch(/tigerql: stopped\n$/);
    const database = await openDatabase(`file:${join(dir, 'shop.db')}`);
    expect(await database.read.trainingJob.findMany()).toMatchObject([{ preset: 'demo', finishedAt: null }]);
    // The next command would go on with it first.
    await database.write((transaction) =>
      transaction.trainingJob.updateMany({ data: { status: 'CANCELLED', finishedAt: new Date() } }),
    );
    await database.dispose();
  });

  it('train makes a model that answers, and prints what it is worth', async () => {
    const { modelVersion } = await json('train', '--preset', 'tiny');
    expect(modelVersion).toMatchObject({
      preset: 'tiny',
      metrics: expect.arrayContaining([expect.objectContaining({ name: 'recall@10' })]),
    });
  });

  it('recommend prints what each head said of an item, and its semantic ID, once there is a model', async () => {
    const { code, stdout } = await tigerql(dir, ['recommend', '--user', 'user-0', '--first', '4']);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(5);
    expect(stdout).toMatch(/^rank +score +decoder +item head +item /);
    expect(stdout).toMatch(/^ +1( +(-\d+\.\d\d|–)){3} +item-\d+ .*<a_\d+>.* (GENERATED|ITEM_HEAD)$/m);
  });

  it('export writes a folder that reads back as what was imported', async () => {
    const out = join(dir, 'export');
    expect(await json('export', out)).toMatchObject(counts);
    const exported = await readDataset(out);
    expect(exported.counts).toEqual(counts);
    expect(exported.vectors).toMatchObject({ dims: 16, encoder: 'little' });
    expect(await collect(exported.items())).toEqual(await collect((await readDataset(dataset)).items()));
    expect(await json('import', out)).toMatchObject({ read: counts, added: NONE });
  });

  it('export overwrites nothing', async () => {
    const { code, stderr } = await tigerql(dir, ['export', join(dir, 'export')]);
    expect(code).toBe(1);
    expect(stderr).toContain('items.jsonl: expected a folder without this file, got a folder with it');
  });

  it('keys makes a key with a role, and takes it back', async () => {
    const { id, secret } = await json('keys', 'create', 'importer', '--role', 'WRITER');
    const database = await openDatabase(`file:${join(dir, 'shop.db')}`);
    const keys = new ApiKeys(database);
    expect(await keys.roleOf(String(secret))).toBe('WRITER');
    await json('keys', 'revoke', String(id));
    expect(await new ApiKeys(database).roleOf(String(secret))).toBeNull();
    await database.dispose();
    const again = await tigerql(dir, ['keys', 'revoke', String(id)]);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('expected a key that is in use') });
  });

  it('serve says that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await tigerql(dir, ['serve'], { PORT: String(port), HOST: '127.0.0.1' });
    other.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`tigerql: PORT: expected a free port, got ${port}, which is in use`);
  });

  it('evaluate refuses to withhold more than half of the items', async () => {
    const { code, stderr } = await tigerql(dir, ['evaluate', '--dataset', dataset, '--cold-share', '0.6']);
    expect(code).toBe(2);
    expect(stderr).toContain('Expected a number from 0 to 0.5.');
  });

  it('evaluate ranks what was held out, beside the floors, without a database', async () => {
    const { code, stdout, stderr } = await tigerql(
      dir,
      ['evaluate', '--dataset', dataset, '--preset', 'tiny', '--json'],
      { DATABASE_URL: `file:${join(dir, 'none.db')}` },
    );
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    const { metrics, ...run } = JSON.parse(stdout) as { metrics: { name: string; value: number }[] };
    expect(run).toMatchObject({ dataset, preset: 'tiny', seeds: [1], ties: 'filed', coldShare: 0 });
    const value = (name: string) => metrics.find((metric) => metric.name === name)?.value;
    // Each user buys within a family of 12: whoever knows no more than the family finds the next item in 10 of 12 tries.
    expect(value('floor.item-knn.recall@10')).toBeGreaterThan(0.5);
    expect(value('recall@20')).toBeGreaterThan(0);
    expect(existsSync(join(dir, 'none.db'))).toBe(false);
  });
});

async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
}
