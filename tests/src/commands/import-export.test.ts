import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readDataset } from '../../../src/datasets/read-dataset';
import { PACKAGE_ROOT } from '../../../src/paths';
import { openDatabase } from '../../../src/storage/database';
import { collect } from '../../support/collect';
import { openCommandFolder } from '../../support/command-run';
import { writeLittleDataset } from '../../support/little-dataset';

const NONE = { items: 0, users: 0, interactions: 0 };

describe('tigerql import', () => {
  const { dir, run, runJson } = openCommandFolder();

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
});

describe('tigerql import of a feed', () => {
  const { dir, run, runJson } = openCommandFolder();
  const feed = (...rows: string[]) => ['id,title,price,brand', ...rows, ''].join('\n');
  const take = async (input: string, ...options: string[]) => {
    const { code, stdout, stderr } = await run(['import', '-', '--json', ...options], {}, undefined, input);
    return code === 0 ? (JSON.parse(stdout) as object) : stderr;
  };

  it('opens a shop that has no events, and takes its nightly feeds from standard input', async () => {
    const shop = join(dir, 'shop');
    mkdirSync(shop);
    writeFileSync(join(shop, 'items.csv'), feed('a,Mug,7.5,Potter', 'b,Bowl,12,Potter', 'c,Pot,20,'));
    const read = { items: 3, users: 0, interactions: 0 };
    expect(await runJson('import', shop)).toMatchObject({ read, added: read });
    const next = feed('a,Mug,7.5,Potter', 'b,Bowl,13,', 'd,Jug,9,');
    const added = { items: 1, users: 0, interactions: 0 };
    expect(await take(next, '--update', '--retire')).toMatchObject({ added, changed: 1, removed: 1 });
    expect(await take(next, '--update', '--retire')).toMatchObject({ added: NONE, changed: 0, removed: 0 });
    expect(await take('{"id":"b","price":14}\n', '--update')).toMatchObject({ added: NONE, changed: 1, removed: 0 });
    const database = await openDatabase(`file:${join(dir, 'shop.db')}`);
    const items = await database.read.item.findMany({ where: { removedAt: null }, orderBy: { externalId: 'asc' } });
    expect(items.map(({ externalId, title, price, brand }) => [externalId, title, price, brand])).toEqual([
      ['a', 'Mug', 7.5, 'Potter'],
      ['b', 'Bowl', 14, null],
      ['d', 'Jug', 9, null],
    ]);
    await database.dispose();
  });

  it.each([
    ['a price with a currency sign', feed('a,Mug,£8,'), 'standard input:2: price: expected a plain decimal number'],
    ['a column that moved', feed('a,7.5,Mug,Potter'), 'standard input:2: price: expected a plain decimal number'],
    ['a cell too many', feed('a,Mug, red,7.5,Potter'), 'standard input:2: Invalid Record Length'],
    ['a column without its name', 'id,name\na,Mug\n', 'standard input:1: expected the columns id,title'],
  ])('refuses %s with its row, and stores nothing', async (_, input, problem) => {
    const before = await runJson('export', join(dir, 'before'));
    expect(await take(input, '--update', '--retire')).toContain(problem);
    rmSync(join(dir, 'before'), { recursive: true });
    const now = await runJson('export', join(dir, 'before'));
    rmSync(join(dir, 'before'), { recursive: true });
    expect(now).toEqual(before);
  });
});

describe('tigerql export', () => {
  const { dir, run, runJson } = openCommandFolder();
  const [dataset, out] = [join(dir, 'dataset'), join(dir, 'out')];

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
    const program = join(PACKAGE_ROOT, 'dist', 'src', 'main.js');
    const limited = `ulimit -f ${kib}; exec "$0" "$@"`; // as on a disk with as much room
    const { status, stderr } = spawnSync('bash', ['--norc', '-c', limited, process.execPath, program, 'export', part], {
      env: { PATH: process.env.PATH, DATABASE_URL: `file:${join(dir, 'shop.db')}`, DATA_DIR: dir },
      encoding: 'utf8',
    });
    expect(stderr).toBe(`tigerql: ${part}: expected a file or folder that can be used, got a file that grew too large (EFBIG); raise the limit (ulimit -f), or choose another disk\n`); // prettier-ignore
    expect({ status, isLeft: existsSync(part) }).toEqual({ status: 1, isLeft: false });
  });

  it('overwrites nothing', async () => {
    const { code, stderr } = await run(['export', out]);
    expect(code).toBe(1);
    expect(stderr).toContain('out: expected a folder that does not exist, got one that does');
  });
});
