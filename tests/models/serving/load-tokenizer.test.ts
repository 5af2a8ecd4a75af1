import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CheckpointError, saveCheckpoint } from '../../../models/checkpoint/checkpoint';
import { openDevice } from '../../../models/compute/backends';
import { presetConfig } from '../../../models/config';
import { loadTokenizer } from '../../../models/serving/load-tokenizer';
import { principalAxes } from '../../../models/text/whitening';
import { trainTokenizer } from '../../../models/training/train-tokenizer';
import { DIMS, littleVectors } from '../../support/little-training';

describe('loadTokenizer', () => {
  let dir: string;
  beforeAll(async () => (dir = await mkdtemp(join(tmpdir(), 'tigerql-tokenizer-'))));
  afterAll(() => rm(dir, { recursive: true }));

  it('gives items the codes that the trained tokenizer gave them', async () => {
    const device = await openDevice({ backend: 'tfjs-cpu', threads: 1 });
    const trained = await trainTokenizer({
      ...{ device, vectors: littleVectors(), dims: DIMS, axes: principalAxes(littleVectors(), DIMS) },
      ...{ collaborative: null, seed: 1, resume: null },
      config: { ...presetConfig('tiny').tokenizer, steps: 5, featureSize: 4 },
      ...{ signal: new AbortController().signal, onProgress: () => undefined, onWarning: () => undefined },
    });
    device.dispose();
    await saveCheckpoint(dir, { tensors: { tokenizer: trained.toTensors() }, documents: {} });
    const loaded = await loadTokenizer(dir);
    expect([...loaded.assign(littleVectors(), DIMS)]).toEqual([...trained.assign(littleVectors(), DIMS)]);
  });

  it('refuses a checkpoint without a tokenizer, and one that is not there', async () => {
    await saveCheckpoint(dir, { tensors: {}, documents: {} });
    await expect(loadTokenizer(dir)).rejects.toThrow(`${dir}: expected a tokenizer, got none`);
    await expect(loadTokenizer(join(dir, 'nowhere'))).rejects.toThrow(CheckpointError);
  });
});
