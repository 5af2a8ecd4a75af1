import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { leverConfig, LEVERS, type LeverName } from '../../bench/lever-list';
import { PACKAGE_ROOT } from '../../src/paths';
import { writeLittleDataset } from '../support/little-dataset';

const names = Object.keys(LEVERS) as LeverName[];

describe('leverConfig', () => {
  it.each(names.filter((name) => name !== 'reference'))('changes something: %s', (name) => {
    expect(leverConfig(name, 1)).not.toEqual(leverConfig('reference', 1));
  });
});

describe('npm run levers', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tigerql-levers-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  function run(only: string): string {
    const args = ['--dataset', join(dir, 'shop'), '--work-dir', join(dir, 'work'), '--only', only];
    const program = join(PACKAGE_ROOT, 'dist', 'bench', 'levers.js');
    return execFileSync(process.execPath, [program, ...args], { encoding: 'utf8', stdio: 'pipe' });
  }

  it('prints what validation says of each lever, ends before the evaluation does, and only reads what is finished', () => {
    writeLittleDataset(join(dir, 'shop'));
    const table = run('reference,no-item-head');
    expect(table).toMatch(/^reference( +0\.\d{4}){3} +\d+$/m);
    expect(table).toMatch(/^no-item-head +0\.\d{4} +– +– +\d+$/m);
    const outcome = join(dir, 'work', 'reference', 'outcome.json');
    expect(JSON.parse(readFileSync(outcome, 'utf8'))).toMatchObject({ lever: 'reference' });
    expect(existsSync(join(dir, 'work', 'reference', 'checkpoint'))).toBe(false);
    expect(run('no-item-head,reference').split('\n').sort()).toEqual(table.split('\n').sort());
  }, 120_000);

  it('names a lever that it does not know', () => {
    expect(() => run('crowbar')).toThrow(/expected some of reference, .*, got crowbar/);
  });
});
