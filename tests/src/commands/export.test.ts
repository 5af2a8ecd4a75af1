import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readDataset } from '../../../src/datasets/read-dataset';
import { collect } from '../../support/collect';
import { openCommandFolder } from '../../support/command-run';
import { tigerqlWithFilesOf } from '../../support/limited-files';
import { writeLittleDataset } from '../../support/little-dataset';

describe('tigerql export', () => {
  const { dir, run, runJson, dispose } = openCommandFolder();
  const [dataset, out] = [join(dir, 'dataset'), join(dir, 'out')];
  afterAll(dispose);

  it('writes a folder that reads back as what was imported', async () => {
    const counts = writeLittleDataset(dataset);
    await runJson('import', dataset);
    expect(await runJson('export', out)).toMatchObject(counts);
    const exported = await readDataset(out);
    expect(exported.counts).toEqual(counts);
    expect(await collect(exported.items())).toMatchObject(await collect((await readDataset(dataset)).items()));
    expect(await runJson('import', out)).toMatchObject({
      read: counts,
      added: { items: 0, users: 0, interactions: 0 },
    });
  });

  it('leaves no file that has a part alone, when a disk has no room for the last lines', async () => {
    const blanks = join(dir, 'blanks');
    const events = Array.from({ length: 900 }, (_, at) => ({
      user: 'a b',
      item: 'item-0',
      kind: 'VIEW',
      at: 1e9 + at,
    }));
    mkdirSync(blanks);
    writeFileSync(join(blanks, 'items.jsonl'), '{"id": "item-0"}');
    writeFileSync(join(blanks, 'interactions.jsonl'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    await runJson('import', blanks);
    const [whole, part] = [join(dir, 'whole'), join(dir, 'part')];
    await runJson('export', whole);
    const kib = Math.floor((statSync(join(whole, 'interactions.jsonl')).size - 1) / 1024);
    const { code, stderr } = tigerqlWithFilesOf(kib, dir, ['export', part], 'out.txt');
    expect(stderr).toBe(`tigerql: ${part}: expected a file or folder that can be used, got a file that grew too large (EFBIG); raise the limit (ulimit -f), or choose another disk\n`); // prettier-ignore
    expect({ code, files: readdirSync(part) }).toEqual({ code: 1, files: [] });
  });

  it('overwrites nothing', async () => {
    const { code, stderr } = await run(['export', out]);
    expect(code).toBe(1);
    expect(stderr).toContain('items.jsonl: expected a folder without this file, got a folder with it');
  });
});
