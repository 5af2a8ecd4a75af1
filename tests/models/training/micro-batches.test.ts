import { createModel } from '../../../models/checkpoint/model-weights';
import { openDevice } from '../../../models/compute/backends';
import type { Device, HostTensors } from '../../../models/compute/device';
import { presetConfig, type TigerConfig } from '../../../models/config';
import { createAdamW } from '../../../models/training/adamw';
import { openMicroBatchStep } from '../../../models/training/micro-batches';
import { batchLoss, trainingStep } from '../../../models/training/seq2seq-steps';
import { randomInts, relativeError, seededRandom } from '../../support/tensors';

const TINY = presetConfig('tiny');
const CONFIG: TigerConfig = {
  ...TINY,
  seq2seq: { ...TINY.seq2seq, encoder: 'bidirectional', itemHead: false, dropout: 0 },
};
const BATCH = 8;
const SLOTS = 2;

/** Its last rows are padding; the others weigh differently, so that pieces have unequal shares. */
function batchOf(seed: number, paddingRows: number): HostTensors {
  const model = createModel(CONFIG, 0);
  const random = seededRandom(seed);
  const length = 1 + 3 * model.vocabulary.idLength;
  const weights = Float32Array.from({ length: BATCH * SLOTS }, (_, i) => (i % 3 === 0 ? 0 : 1));
  weights.fill(0, (BATCH - paddingRows) * SLOTS);
  return {
    tokens: randomInts(random, [BATCH, length], 2, model.vocabulary.size),
    mask: { shape: [BATCH, length], data: new Float32Array(BATCH * length).fill(1) },
    targets: randomInts(random, [BATCH, SLOTS, model.vocabulary.idLength], 0, model.vocabulary.codebookSize),
    weights: { shape: [BATCH, SLOTS], data: weights },
  };
}

/** Losses and final weights of three steps, each batch cut into so many pieces; null: the plain step. */
async function train(device: Device, pieces: number | null, paddingRows = 0) {
  const model = createModel(CONFIG, 0);
  const { training } = CONFIG;
  const variables = [...model.params.variables.values()];
  const adamw = createAdamW(variables, training);
  const losses: number[] = [];
  const scalar = (value: number) => ({ shape: [], data: Float32Array.of(value) });
  const plain = device.compile((inputs) => trainingStep(model, adamw, 'full', inputs), { name: 'plain' });
  const cut = openMicroBatchStep(device, {
    name: 'pieces',
    variables,
    adamw,
    loss: (inputs) => batchLoss(model, 'full', inputs),
    pieces: pieces ?? 1,
  });
  for (let step = 1; step <= 3; step++) {
    const batch = batchOf(step, paddingRows);
    const loss =
      pieces === null
        ? (await plain.run({ ...batch, learningRate: scalar(0.01), step: scalar(step) })).loss.data[0]
        : (await cut.run(batch, {}, 0.01, step)).loss;
    losses.push(loss);
  }
  const weights = variables.flatMap((variable) => Array.from(device.read(variable)));
  cut.dispose();
  plain.dispose();
  return { losses, weights };
}

describe('openMicroBatchStep', () => {
  let device: Device;
  beforeAll(async () => void (device = await openDevice({ backend: 'onnx-cpu', threads: 1 })));
  afterAll(() => device.dispose());

  it.each([1, 4])('moves the weights as the step in one piece does, in %d pieces', async (pieces) => {
    const [whole, cut] = [await train(device, null), await train(device, pieces)];
    expect(relativeError(cut.losses, whole.losses)).toBeLessThan(1e-5);
    expect(relativeError(cut.weights, whole.weights)).toBeLessThan(1e-3);
  });

  it('passes over pieces of padding alone', async () => {
    const [whole, cut] = [await train(device, null, 5), await train(device, 4, 5)];
    expect(cut.losses.every(Number.isFinite)).toBe(true);
    expect(relativeError(cut.weights, whole.weights)).toBeLessThan(1e-3);
  });
});
