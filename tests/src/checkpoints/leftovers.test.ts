import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { removeLeftovers } from '../../../src/checkpoints/leftovers';

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
