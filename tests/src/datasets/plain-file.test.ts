import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { readDataset } from '../../../src/datasets/read-dataset';
import { type Files, RESEARCH, SHOP, useFolder } from '../../support/dataset-files';

const VECTORS: Files = { ...RESEARCH, 'vectors.json': '{"rows":3,"dims":1,"dtype":"int8"}', 'vectors.int8.bin': 'abc' };
const EVENTS: Files = { ...RESEARCH, 'interactions.jsonl': '' };
const ZIPPED: Files = { 'items.csv.gz': '', 'events.csv': SHOP['events.csv'] };

describe('openDatasetFile', () => {
  const write = useFolder();
  const replace = (files: Files, name: string, make: (path: string) => void) => {
    const dir = write(files);
    rmSync(join(dir, name));
    make(join(dir, name));
    return dir;
  };
  const pipe = (path: string) => void execFileSync('mkfifo', [path]);

  it.each<[string, Files]>([
    ['items.jsonl', RESEARCH],
    ['sequences.txt', RESEARCH],
    ['interactions.jsonl', EVENTS],
    ['items.csv', SHOP],
    ['events.csv', SHOP],
    ['items.csv.gz', ZIPPED],
    ['vectors.json', VECTORS],
  ])('refuses a pipe in place of %s, which nobody may ever write to', async (name, files) => {
    const dir = replace(files, name, pipe);
    await expect(readDataset(dir)).rejects.toThrow(`${join(dir, name)}: expected a readable file, got a pipe`);
  });

  it('refuses a device, which may give anything without an end', async () => {
    const dir = replace(RESEARCH, 'items.jsonl', (path) => symlinkSync('/dev/zero', path));
    await expect(readDataset(dir)).rejects.toThrow(/items\.jsonl: expected a readable file, got a device$/);
  });

  it('refuses a folder', async () => {
    const dir = replace(RESEARCH, 'items.jsonl', (path) => mkdirSync(path));
    await expect(readDataset(dir)).rejects.toThrow(/items\.jsonl: expected a readable file, got a folder$/);
  });

  it('refuses a socket', async () => {
    const server = createServer();
    const dir = replace(RESEARCH, 'items.jsonl', (path) => void server.listen(path));
    try {
      await expect(readDataset(dir)).rejects.toThrow(/items\.jsonl: expected a readable file, got a socket$/);
    } finally {
      server.close();
    }
  });

  it('reads the file that a link leads to', async () => {
    const dir = replace({ ...RESEARCH, 'other.txt': RESEARCH['items.jsonl'] }, 'items.jsonl', (path) =>
      symlinkSync('other.txt', path),
    );
    expect((await readDataset(dir)).counts.items).toBe(3);
  });
});
