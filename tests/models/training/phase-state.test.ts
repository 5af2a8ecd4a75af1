import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readState, saveState } from '../../../models/training/phase-state';

let root: string;
beforeAll(async () => (root = await mkdtemp(join(tmpdir(), 'tigerql-state-'))));
afterAll(() => rm(root, { recursive: true }));

const stateAt = (step: number) => ({
  position: { step },
  tensors: { weights: { shape: [2], data: Float32Array.of(step, 0.5) } },
});

describe('saveState and readState', () => {
  it('give back the position and the tensors of the latest save', async () => {
    const dir = join(root, 'phase');
    for (const step of [10, 20]) await saveState(dir, stateAt(step));
    expect(await readState(dir)).toEqual(stateAt(20));
  });

  it('have nothing where no phase has run', async () => {
    expect(await readState(join(root, 'none'))).toBeNull();
  });

  it('put back the copy that a process left which was killed while it replaced the state', async () => {
    const dir = join(root, 'killed');
    await saveState(dir, stateAt(30));
    await rename(dir, join(root, '.killed.1.old'));
    expect(await readState(dir)).toEqual(stateAt(30));
  });
});
