import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { makeFolder } from '../../../models/checkpoint/make-folder';
import { temporaryFolder } from '../../support/temporary-folder';

describe('makeFolder', () => {
  const dir = temporaryFolder();

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
});
