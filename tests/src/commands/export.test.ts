import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readDataset } from '../../../src/datasets/read-dataset';
import { collect } from '../../support/collect';
import { writeLittleDataset } from '../../support/little-dataset';
import { tigerql, tigerqlJson } from '../../support/tigerql';

describe('tigerql export', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tigerql-export-'));
  const [dataset, out] = [join(dir, 'dataset'), join(dir, 'out')];
  afterAll(() => rmSync(dir, { recursive: true }));

  it('writes a folder that reads back as what was imported', async () => {
    const counts = writeLittleDataset(dataset);
    await tigerqlJson(dir, 'import', dataset);
    expect(await tigerqlJson(dir, 'export', out)).toMatchObject(counts);
    const exported = await readDataset(out);
    expect(exported.counts).toEqual(counts);
    expect(await collect(exported.items())).toMatchObject(await collect((await readDataset(dataset)).items()));
    expect(await tigerqlJson(dir, 'import', out)).toMatchObject({
      read: counts,
      added: { items: 0, users: 0, interactions: 0 },
    });
  });

  it('overwrites nothing', async () => {
    const { code, stderr } = await tigerql(dir, ['export', out]);
    expect(code).toBe(1);
    expect(stderr).toContain('items.jsonl: expected a folder without this file, got a folder with it');
  });
});
