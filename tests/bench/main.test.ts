import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../../src/paths';

describe('npm run bench', () => {
  it('prints one JSON object per claim on stdout', () => {
    const args = [join(PACKAGE_ROOT, 'dist', 'bench', 'main.js'), '--only', 'trie-insert-1m', '--runs', '1', '--json'];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ name: 'trie-insert-1m', unit: 'ms', peer: null, runs: 1 });
  }, 120_000);
});
