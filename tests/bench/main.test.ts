import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { CLAIMS } from '../../bench/claims';
import { PACKAGE_ROOT } from '../../src/paths';

function bench(...args: string[]) {
  return spawnSync(process.execPath, [join(PACKAGE_ROOT, 'dist', 'bench', 'main.js'), ...args], { encoding: 'utf8' });
}

describe('npm run bench', () => {
  it('lists every claim by its name', () => {
    const { status, stdout } = bench('--list');
    expect(status).toBe(0);
    expect(stdout.split('\n').filter((line) => /^\S/.test(line))).toEqual(CLAIMS.map(({ name }) => name));
  });

  it('refuses a claim that it does not have with exit code 2', () => {
    const { status, stderr } = bench('--only', 'beam-1-user,levitation');
    expect(status).toBe(2);
    expect(stderr).toContain('--only: expected names from the output of --list, got levitation');
  });

  it('prints a line for each claim, with its limit', () => {
    const { status, stdout } = bench('--only', 'trie-insert-1m', '--runs', '1');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^trie-insert-1m .*ours ≤ 1/m);
  }, 120_000);
});
