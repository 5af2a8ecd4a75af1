import { join } from 'node:path';

import { PACKAGE_ROOT } from '../../src/paths';
import { tigerqlWithFilesOf } from '../support/limited-files';
import { temporaryFolder } from '../support/temporary-folder';
import { tigerql } from '../support/tigerql';

describe('tigerql', () => {
  const dir = temporaryFolder();

  it('fails when nothing can keep its result', () => {
    const { code, stderr } = tigerqlWithFilesOf(0, dir, ['doctor', '--json'], 'doctor.json');
    expect(stderr).toMatch(/^tigerql: stdout: expected to keep the result, got EFBIG.*\n$/);
    expect(code).toBe(1);
  });

  it('ends after a signal, also while it waits for a file that never comes', async () => {
    const preload = join(PACKAGE_ROOT, 'tests', 'support', 'vanished-disk.js');
    const env = { NODE_OPTIONS: `--require=${preload}` };
    const { code, stderr } = await tigerql(dir, ['import', dir], env, () => 'SIGTERM');
    expect([code, stderr]).toEqual([null, expect.stringContaining('tigerql: stop: expected all parts to end within')]);
  });
});
