import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { FolderError, openWritableFolder } from '../../../src/files/disk';

describe('openWritableFolder', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'tigerql-folder-'))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('makes a folder with those above it, and leaves nothing in it', async () => {
    const folder = join(root, 'a', 'b', 'c');
    await openWritableFolder(folder, 'DATA_DIR');
    expect(existsSync(folder)).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves what is in a folder that is there', async () => {
    writeFileSync(join(root, 'kept'), '');
    await openWritableFolder(root, 'DATA_DIR');
    expect(readdirSync(root)).toEqual(['kept']);
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
