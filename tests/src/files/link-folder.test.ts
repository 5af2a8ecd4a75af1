import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { linkFolder } from '../../../src/files/disk';

describe('linkFolder', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'tigerql-link-'))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('gives a new folder the same files, which take no more room', async () => {
    mkdirSync(join(root, 'from'));
    writeFileSync(join(root, 'from', 'a'), 'A');
    writeFileSync(join(root, 'from', 'b'), 'B');
    const to = join(root, 'deep', 'to');
    await linkFolder(join(root, 'from'), to);
    expect(readdirSync(to).sort()).toEqual(['a', 'b']);
    expect(readFileSync(join(to, 'b'), 'utf8')).toBe('B');
    expect(statSync(join(to, 'a')).ino).toBe(statSync(join(root, 'from', 'a')).ino);
  });

  it('leaves out folders and links', async () => {
    mkdirSync(join(root, 'from', 'folder'), { recursive: true });
    symlinkSync('/etc/hostname', join(root, 'from', 'link'));
    await linkFolder(join(root, 'from'), join(root, 'to'));
    expect(readdirSync(join(root, 'to'))).toEqual([]);
  });

  it('says what is wrong with a folder that is not there', async () => {
    await expect(linkFolder(join(root, 'none'), join(root, 'to'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
