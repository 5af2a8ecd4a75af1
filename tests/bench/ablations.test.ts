import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../../src/paths';
import { writeLittleDataset } from '../support/little-dataset';

describe('npm run ablations', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tigerql-ablations-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  function run(only: string, shop = 'shop', work = 'work'): string {
    const args = ['--dataset', join(dir, shop), '--work-dir', join(dir, work), '--only', only];
    const program = join(PACKAGE_ROOT, 'dist', 'bench', 'ablations.js');
    return execFileSync(process.execPath, [program, ...args], { encoding: 'utf8', stdio: 'pipe' });
  }

  it('prints what each ablation reaches on validation, stops before the test split, and only reads what is finished', () => {
    writeLittleDataset(join(dir, 'shop'));
    const table = run('reference,no-item-head');
    expect(table).toMatch(/^reference( +0\.\d{4}){3} +\d+$/m);
    expect(table).toMatch(/^no-item-head +0\.\d{4} +– +– +\d+$/m);
    const outcome = join(dir, 'work', 'reference', 'outcome.json');
    expect(JSON.parse(readFileSync(outcome, 'utf8'))).toMatchObject({ ablation: 'reference' });
    expect(existsSync(join(dir, 'work', 'reference', 'checkpoint'))).toBe(false);
    expect(run('no-item-head,reference').split('\n').sort()).toEqual(table.split('\n').sort());
  }, 120_000);

  it('knows nothing of what users bought last, which is the test split', () => {
    const figures = (table: string) => /^reference(?: +0\.\d{4}){3}/m.exec(table)?.[0];
    writeLittleDataset(join(dir, 'otherwise'));
    const sequences = join(dir, 'otherwise', 'sequences.txt');
    const histories = readFileSync(sequences, 'utf8').split('\n');
    const [, somethingElse] = histories[0].split(' ');
    writeFileSync(sequences, histories.map((each) => each.replace(/ \S+$/, ` ${somethingElse}`)).join('\n'));
    expect(figures(run('reference', 'otherwise', 'other-work'))).toBe(figures(run('reference')));
  }, 120_000);

  it('names an ablation that it does not know', () => {
    expect(() => run('crowbar')).toThrow(/expected some of reference, .*, got crowbar/);
  });
});
