import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { copyState } from '../../../src/workers/copy-state';
import { temporaryFolder } from '../../support/temporary-folder';

describe('copyState', () => {
  let root: string;
  beforeEach(() => (root = temporaryFolder()));

  function write(...paths: string[]): void {
    for (const path of paths) {
      mkdirSync(dirname(join(root, 'job', path)), { recursive: true });
      writeFileSync(join(root, 'job', path), path);
    }
  }
  const copy = () => copyState(join(root, 'job'), join(root, 'states'));

  it('takes the state of the tokenizer while it learns', async () => {
    write('tokenizer-state/weights');
    const dir = await copy();
    expect(readdirSync(dir)).toEqual(['tokenizer-state']);
    expect(readFileSync(join(dir, 'tokenizer-state', 'weights'), 'utf8')).toBe('tokenizer-state/weights');
  });

  it('takes the tokenizer in place of its state once it is ready, and the state of the sequence model', async () => {
    write('tokenizer/weights', 'tokenizer-state/weights', 'seq2seq-state/weights', 'other/file');
    expect(readdirSync(await copy()).sort()).toEqual(['seq2seq-state', 'tokenizer']);
    write('refresh-state/weights'); // its figures are measured anew, from the state before it
    expect(readdirSync(await copy()).sort()).toEqual(['refresh-state', 'seq2seq-state', 'tokenizer']);
  });

  it('copies each time into another folder, which later writes do not reach', async () => {
    write('seq2seq-state/weights');
    const [first, second] = [await copy(), await copy()];
    expect(first).not.toBe(second);
    rmSync(join(root, 'job'), { recursive: true });
    expect(existsSync(join(first, 'seq2seq-state', 'weights'))).toBe(true);
  });
});
