import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { tigerqlWithFilesOf } from '../support/limited-files';

describe('tigerql', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tigerql-main-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  it('fails when nothing can keep its result', () => {
    const { code, stderr } = tigerqlWithFilesOf(0, dir, ['doctor', '--json'], 'doctor.json');
    expect(stderr).toMatch(/^tigerql: stdout: expected to keep the result, got EFBIG.*\n$/);
    expect(code).toBe(1);
  });
});
