import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openSoonFrom, removeLeftovers } from '../../../src/checkpoints/checkpoint-store';

describe('openSoonFrom', () => {
  it('gives what the store gives, and its errors', async () => {
    const openSoon = openSoonFrom({
      open: (key) => (key === 'jobs/a' ? Promise.resolve('/data/a') : Promise.reject(new Error('damaged'))),
    });
    expect(await openSoon('jobs/a')).toBe('/data/a');
    await expect(openSoon('jobs/b')).rejects.toThrow('damaged');
  });

  it('fails while the store hangs, asks it once only, and takes what it gives at last', async () => {
    let answer: (folder: string) => void = () => undefined;
    const asked: string[] = [];
    const open = (key: string) => {
      asked.push(key);
      return asked.length === 1 ? new Promise<string>((resolve) => (answer = resolve)) : Promise.resolve('/data/a');
    };
    const openSoon = openSoonFrom({ open }, 1);
    const late = {
      name: 'CheckpointStoreError',
      message: expect.stringMatching(/^jobs\/a: expected it .*, got no answer/),
    };
    await expect(openSoon('jobs/a')).rejects.toMatchObject(late);
    await expect(openSoon('jobs/a')).rejects.toMatchObject(late);
    expect(asked).toEqual(['jobs/a']);
    answer('/data/a');
    await new Promise(setImmediate);
    expect(await openSoon('jobs/a')).toBe('/data/a');
    expect(asked).toHaveLength(2);
  });
});

const DAY_S = 86_400;
const NOW_S = 1_700_000_000;

describe('removeLeftovers', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'tigerql-leftovers-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  function folderOfAge(seconds: number): string {
    const folder = join(root, `of-${seconds}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'part'), 'half');
    utimesSync(folder, NOW_S - seconds, NOW_S - seconds);
    return folder;
  }

  it('removes folders that are older than a day, and none that a process may still write into', async () => {
    const [old, young, new_] = [DAY_S + 1, DAY_S, 0].map(folderOfAge);
    const gone = join(root, 'another process was faster');
    await removeLeftovers([gone, old, young, new_], NOW_S * 1000);
    expect([old, young, new_].map((folder) => existsSync(folder))).toEqual([false, true, true]);
  });
});
