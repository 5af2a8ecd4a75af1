import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { makeFolder } from '../../../models/checkpoint/make-folder';
import { canMountDisks, onDisk, setReadOnly } from '../../support/small-disk';

describe('makeFolder', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tigerql-folder-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  it('makes a folder and those above it, and is content with one that is there', async () => {
    for (let again = 0; again < 2; again++) await makeFolder(join(dir, 'a', 'b'));
    expect(existsSync(join(dir, 'a', 'b'))).toBe(true);
  });

  it('tells of a file that is in the way', async () => {
    const file = join(dir, 'file');
    writeFileSync(file, '');
    await expect(makeFolder(file)).rejects.toThrow(`${file} is a file`);
    await expect(makeFolder(join(file, 'b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it('ends where the working folder was removed', async () => {
    const before = process.cwd();
    const gone = mkdtempSync(join(tmpdir(), 'tigerql-gone-'));
    process.chdir(gone);
    rmSync(gone, { recursive: true });
    await expect(makeFolder(join('data', 'work')))
      .rejects.toMatchObject({ code: 'ENOENT' })
      .finally(() => process.chdir(before));
  });

  (canMountDisks() ? it : it.skip)('tells of a read-only disk', async () => {
    await onDisk(dir, '1m', async (disk) => {
      setReadOnly(disk, true);
      await expect(makeFolder(join(disk, 'c', 'd'))).rejects.toMatchObject({ code: 'EROFS' });
    });
  });
});
