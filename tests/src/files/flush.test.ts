import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { flush } from '../../../src/files/disk';

describe('flush', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tigerql-test-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  it('takes files and folders', async () => {
    writeFileSync(join(dir, 'file'), 'x');
    await expect(flush(join(dir, 'file'))).resolves.toBeUndefined();
    await expect(flush(dir)).resolves.toBeUndefined();
  });

  it('rejects when there is nothing', async () => {
    await expect(flush(join(dir, 'none'))).rejects.toThrow('ENOENT');
  });
});
