import { join } from 'node:path';

import { saveCheckpoint } from '../../../models/checkpoint/checkpoint';
import { openDevice } from '../../../models/compute/backends';
import { presetConfig } from '../../../models/config';
import { createRandom } from '../../../models/math/random';
import type { Tokenizer } from '../../../models/semantic-id/tokenizer';
import { principalAxes } from '../../../models/text/whitening';
import { trainTokenizer } from '../../../models/training/train-tokenizer';
import type { EncodeProtocol } from '../../../src/workers/messages';
import { spawnWorker, type WorkerClient } from '../../../src/workers/spawn-worker';
import { temporaryFolder } from '../../support/temporary-folder';

const [ITEMS, DIMS] = [30, 6];

function randomVectors(seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: ITEMS * DIMS }, () => random.normal());
}

/** A tokenizer learned from other vectors for each seed. */
async function tokenizerOf(seed: number): Promise<Tokenizer> {
  const device = await openDevice({ backend: 'tfjs-cpu', threads: 1 });
  const vectors = randomVectors(seed);
  const { tokenizer } = await trainTokenizer({
    ...{ device, vectors, dims: DIMS, axes: principalAxes(vectors, DIMS), collaborative: null, seed, resume: null },
    config: { ...presetConfig('tiny').tokenizer, steps: 5, featureSize: 4 },
    ...{ signal: new AbortController().signal, onProgress: () => undefined, onWarning: () => undefined },
    onState: () => Promise.resolve(),
  });
  return tokenizer;
}

describe('the encode worker', () => {
  const root = temporaryFolder();
  let worker: WorkerClient<EncodeProtocol>;
  const tokenizers: Tokenizer[] = [];
  beforeAll(async () => {
    for (const seed of [1, 2]) {
      tokenizers.push(await tokenizerOf(seed));
      const tensors = { tokenizer: tokenizers.at(-1)!.toTensors() };
      await saveCheckpoint(join(root, String(seed)), { tensors, documents: {} });
    }
    worker = spawnWorker('encode', { backend: 'onnx-cpu' });
  });
  afterAll(() => worker.dispose());

  it('assigns the codes of the tokenizer in the checkpoint named, whichever was asked for before', async () => {
    for (const seed of [1, 2, 1]) {
      const request = { checkpointDir: join(root, String(seed)), vectors: randomVectors(9), dims: DIMS };
      const { codes } = await worker.call({ type: 'assign-codes', ...request });
      expect(codes).toEqual(tokenizers[seed - 1].assign(randomVectors(9), DIMS));
    }
  });

  it('says which checkpoint it cannot read, and goes on', async () => {
    const request = { vectors: randomVectors(9), dims: DIMS };
    const missing = worker.call({ type: 'assign-codes', checkpointDir: join(root, 'none'), ...request });
    await expect(missing).rejects.toMatchObject({ name: 'CheckpointError' });
    await expect(worker.call({ type: 'assign-codes', checkpointDir: join(root, '2'), ...request })).resolves.toEqual({
      codes: tokenizers[1].assign(randomVectors(9), DIMS),
    });
  });
});
