import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { FolderError, linkFolder, openWritableFolder } from '../../../src/files/disk';
import { temporaryFolder } from '../../support/temporary-folder';

describe('openWritableFolder', () => {
  let root: string;
  beforeEach(() => (root = temporaryFolder()));

  it('makes a folder with those above it, and leaves nothing in it', async () => {
    const folder = join(root, 'a', 'b', 'c');
    await openWritableFolder(folder, 'DATA_DIR');
    expect(existsSync(folder)).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['a file', () => join(root, 'file')],
    ['a folder below a file', () => join(root, 'file', 'below')],
    ['a place where nobody may write', () => '/proc/tigerql'],
  ])('names the variable when it names %s', async (_, pathOf) => {
    writeFileSync(join(root, 'file'), '');
    await expect(openWritableFolder(pathOf(), 'DATA_DIR')).rejects.toThrow(FolderError);
    await expect(openWritableFolder(pathOf(), 'DATA_DIR')).rejects.toThrow(
      /^DATA_DIR: expected a folder that can be written/,
    );
  });
});

describe('linkFolder', () => {
  let root: string;
  beforeEach(() => (root = temporaryFolder()));

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
});
