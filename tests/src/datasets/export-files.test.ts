import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ExportFiles } from '../../../src/datasets/export-files';
import { useFolder } from '../../support/dataset-files';

describe('ExportFiles', () => {
  const folder = useFolder();
  let dir: string;
  beforeEach(() => (dir = folder({})));

  async function write(files: ExportFiles, name: 'items.jsonl' | 'sequences.txt', text: string): Promise<void> {
    const handle = await files.open(name);
    await handle.writeFile(text);
    await handle.close();
  }

  it('gives the files their names when all are whole', async () => {
    const files = new ExportFiles(dir);
    await write(files, 'items.jsonl', 'items');
    await write(files, 'sequences.txt', 'sequences');
    expect(readdirSync(dir).sort()).toEqual(['items.jsonl.partial', 'sequences.txt.partial']);
    await files.complete();
    expect(readdirSync(dir).sort()).toEqual(['items.jsonl', 'sequences.txt']);
    expect(readFileSync(join(dir, 'items.jsonl'), 'utf8')).toBe('items');
  });

  it('leaves out a file that was removed', async () => {
    const files = new ExportFiles(dir);
    await write(files, 'items.jsonl', 'items');
    await write(files, 'sequences.txt', '');
    await files.remove('sequences.txt');
    await files.complete();
    expect(readdirSync(dir)).toEqual(['items.jsonl']);
  });

  it.each([false, true])('leaves nothing of an export that failed, its files named: %s', async (isComplete) => {
    const files = new ExportFiles(dir);
    await write(files, 'items.jsonl', 'items');
    writeFileSync(join(dir, 'notes.txt'), 'mine');
    if (isComplete) await files.complete();
    await files.removeAll();
    expect(readdirSync(dir)).toEqual(['notes.txt']);
  });

  it.each(['items.csv', 'items.csv.gz', 'items.jsonl.gz', 'text-vectors.json', 'items.jsonl', 'vectors.float32.bin'])(
    'refuses a folder with %s, and leaves it as it is',
    (name) => {
      writeFileSync(join(dir, name), 'theirs');
      expect(() => new ExportFiles(dir)).toThrow(`${join(dir, name)}: expected a folder without this file`);
      expect(readdirSync(dir)).toEqual([name]);
    },
  );

  it('refuses a folder with an export that has not ended', () => {
    writeFileSync(join(dir, 'items.jsonl.partial'), '');
    expect(() => new ExportFiles(dir)).toThrow('expected no unfinished export, got one; remove it when no export runs');
  });

  it('never writes over a file that another export makes at the same time', async () => {
    const [one, other] = [new ExportFiles(dir), new ExportFiles(dir)];
    await write(one, 'items.jsonl', 'items');
    await expect(other.open('items.jsonl')).rejects.toThrow('EEXIST');
    await other.removeAll();
    await one.complete();
    expect(readFileSync(join(dir, 'items.jsonl'), 'utf8')).toBe('items');
  });
});
