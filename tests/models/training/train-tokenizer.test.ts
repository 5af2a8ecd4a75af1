import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import { presetConfig } from '../../../models/config';
import { codebookUse } from '../../../models/semantic-id/codebook-use';
import { Tokenizer } from '../../../models/semantic-id/tokenizer';
import { principalAxes } from '../../../models/text/whitening';
import { type TrainTokenizerOptions, trainTokenizer } from '../../../models/training/train-tokenizer';
import { clusteredPoints } from '../../support/clustered-points';

const DIMS = 20;
const N = 500;
const VECTORS = clusteredPoints({ n: N, dims: DIMS, clusters: 25, seed: 2 });
const CONFIG = { ...presetConfig('tiny').tokenizer, codebookSize: 16, learningRate: 1e-2, batchSize: 128, steps: 150 };

describe('trainTokenizer', () => {
  let device: Device;
  beforeAll(async () => (device = await openDevice({ backend: 'onnx-cpu', threads: 1 })));
  afterAll(() => device.dispose());

  const train = async ({ vectors = VECTORS, ...options }: Partial<TrainTokenizerOptions>) =>
    trainTokenizer({
      device,
      config: CONFIG,
      seed: 1,
      vectors,
      axes: principalAxes(vectors, DIMS),
      dims: DIMS,
      collaborative: null,
      signal: new AbortController().signal,
      resume: null,
      onState: () => Promise.resolve(),
      onProgress: () => undefined,
      onWarning: (message) => {
        throw new Error(`unexpected warning: ${message}`);
      },
      ...options,
    });

  it('makes a tokenizer that uses its codes and keeps kinds of items together', async () => {
    const { tokenizer, codes } = await train({});
    const rows = Array.from({ length: N }, (_, i) => [...codes.subarray(i * 2, i * 2 + 2)]);
    for (const { usedShare } of codebookUse(rows, CONFIG)) expect(usedShare).toBeGreaterThanOrEqual(0.9);
    // Items i and i + 25 are of one kind; so are their first codes, far above chance (1 in 16).
    const agree = rows.filter((row, i) => i + 25 < N && row[0] === rows[i + 25][0]).length / (N - 25);
    expect(agree).toBeGreaterThan(0.7);
    // A server gives a new item the codes that the training would have given it.
    const again = Tokenizer.fromTensors(tokenizer.toTensors());
    expect([...again.assign(VECTORS, DIMS)]).toEqual([...codes]);
  });

  it('warns of a level whose codes are hardly used', async () => {
    // Two kinds of equal items: after level 0 nothing is left to tell apart.
    const vectors = Float32Array.from(
      { length: 60 * DIMS },
      (_, i) => (Math.floor(i / DIMS) % 2 === 0 ? 1 : -1) * (i % DIMS),
    );
    const warnings: string[] = [];
    await train({ vectors, onWarning: (message) => warnings.push(message) });
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toBe(
      'codebook level 0: 2 of 16 codes are used, 13 % of those that could be; they tell items apart no better than 2.0 codes that are used equally often',
    );
  });
});
