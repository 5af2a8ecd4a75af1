import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { CheckpointError, hashPlainFile, readPlainFile } from '../../../models/checkpoint/plain-file';
import { temporaryFolder } from '../../support/temporary-folder';

describe('readPlainFile', () => {
  let dir: string;
  beforeEach(() => {
    dir = temporaryFolder();
    writeFileSync(join(dir, 'file'), 'bytes');
  });
  const read = (name: string, maxBytes = 100) => readPlainFile(join(dir, name), maxBytes);

  it('reads a file of at most so many bytes', async () => {
    expect((await read('file', 5)).toString()).toBe('bytes');
    await expect(read('file', 4)).rejects.toThrow('expected at most 4 bytes, got 5');
  });

  it.each<[string, () => void, string]>([
    ['a missing file', () => undefined, 'expected a file, got ENOENT'],
    ['a folder', () => mkdirSync(join(dir, 'odd')), 'expected a plain file, got a folder'],
    ['a link, whatever it leads to', () => symlinkSync(join(dir, 'file'), join(dir, 'odd')), 'got a link'],
    ['a pipe, which it does not open', () => void execFileSync('mkfifo', [join(dir, 'odd')]), 'got a pipe'],
  ])('refuses %s', async (_, make, reason) => {
    make();
    await expect(read('odd')).rejects.toThrow(CheckpointError);
    await expect(read('odd')).rejects.toThrow(reason);
  });

  it('hashes a file of several pieces, and refuses what it does not read', async () => {
    const bytes = Buffer.alloc(2_500_000, 'piece by piece');
    writeFileSync(join(dir, 'large'), bytes);
    const expected = createHash('sha256').update(bytes).digest('hex');
    expect(await hashPlainFile(join(dir, 'large'), 1e7)).toBe(expected);
    await expect(hashPlainFile(join(dir, 'large'), 1e6)).rejects.toThrow('expected at most 1000000 bytes, got 2500000');
    await expect(hashPlainFile('/dev/zero', 100)).rejects.toThrow('got a device');
  });
});
