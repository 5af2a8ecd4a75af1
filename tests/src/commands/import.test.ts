import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { openDatabase } from '../../../src/storage/database';
import { openCommandFolder } from '../../support/command-run';
import { writeLittleDataset } from '../../support/little-dataset';

const NONE = { items: 0, users: 0, interactions: 0 };

describe('tigerql import', () => {
  const { dir, run, runJson, dispose } = openCommandFolder();
  afterAll(dispose);

  it('refuses a broken dataset before it makes a database', async () => {
    const broken = join(dir, 'broken');
    writeLittleDataset(broken);
    writeFileSync(join(broken, 'sequences.txt'), 'ann item-1\nbob item-99\n');
    const { code, stdout, stderr } = await run(['import', broken]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`${join(broken, 'sequences.txt')}:2: item item-99: expected an item`);
    expect(existsSync(join(dir, 'shop.db'))).toBe(false);
  });

  it('loads a dataset once, however often it is called', async () => {
    const dataset = join(dir, 'dataset');
    const counts = writeLittleDataset(dataset);
    expect(await runJson('import', dataset)).toMatchObject({ read: counts, added: counts });
    expect(await runJson('import', dataset)).toMatchObject({ read: counts, added: NONE });
  });

  it('says that the demo shop is in the database too, when it adds items to it', async () => {
    const database = await openDatabase(`file:${join(dir, 'shop.db')}`);
    await database.write((transaction) => transaction.demoShop.create({ data: { id: 1, lastUserId: 1 } }));
    await database.dispose();
    const dataset = join(dir, 'beside-demo');
    writeLittleDataset(dataset);
    await run(['import', dataset]);
    const notes = [(await run(['import', dataset])).stderr];
    const file = join(dataset, 'items.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"id":"', '"id":"own-'));
    writeFileSync(join(dataset, 'sequences.txt'), 'ann own-item-1\n');
    notes.push((await run(['import', dataset])).stderr);
    expect(notes.map((text) => text.includes('The demo shop is in this database too'))).toEqual([false, true]);
  });

  it('cuts texts that are longer than the API takes, and says of how many items', async () => {
    const dataset = join(dir, 'long');
    writeLittleDataset(dataset);
    const file = join(dataset, 'items.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"title":"', `"title":"${'x'.repeat(600)}`));
    const { code, stdout } = await run(['import', dataset]);
    expect([code, stdout]).toEqual([0, expect.stringContaining('Cut the texts of 1 items to the lengths that the API takes: title 500 characters')]); // prettier-ignore
    expect(await runJson('import', dataset)).toMatchObject({ cut: 1 });
  });

  it('leaves out events of unknown items when it is told to, and says how many events it left out and why', async () => {
    const dataset = join(dir, 'unknown');
    writeLittleDataset(dataset);
    writeFileSync(join(dataset, 'sequences.txt'), 'ann item-1 item-99\nbob item-2 item-2\n');
    writeFileSync(join(dataset, 'gaps_days.txt'), 'ann 0 1\nbob 0 0\n');
    const { code, stdout } = await run(['import', dataset, '--skip-unknown-items']);
    expect(code).toBe(0);
    expect(stdout).toContain('Left out 1 events of unknown items\nLeft out 1 events that repeat another');
    expect(await runJson('import', dataset, '--skip-unknown-items')).toMatchObject({ skipped: 1, merged: 1 });
  });
});
