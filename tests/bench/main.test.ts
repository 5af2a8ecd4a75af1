import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../../src/paths';

describe('npm run bench', () => {
  it('prints a line for each claim, with its limit', () => {
    const args = [join(PACKAGE_ROOT, 'dist', 'bench', 'main.js'), '--only', 'trie-insert-1m', '--runs', '1'];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^trie-insert-1m .*ours ≤ 1/m);
  }, 120_000);
});
