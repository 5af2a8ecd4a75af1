import { createModel } from '../../../models/checkpoint/model-weights';
import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import { presetConfig, type Seq2SeqConfig } from '../../../models/config';
import { splitLog } from '../../../models/data/interactions';
import { spectralVectors } from '../../../models/training/spectral-vectors';
import { startWeights } from '../../../models/training/start-weights';
import { idsOf, walkingLog } from '../../support/little-log';

const NUM_ITEMS = 20;
const CONFIG = presetConfig('tiny');
const SIZE = CONFIG.seq2seq.modelSize;
const WIDTH = CONFIG.tokenizer.codebookSize;
const LOG = walkingLog(24, 7, NUM_ITEMS);
const DATA = { log: LOG, split: splitLog(LOG), semanticIds: idsOf(NUM_ITEMS), seed: 1 };

let device: Device;
beforeAll(async () => (device = await openDevice({ backend: 'onnx-cpu', threads: 1 })));
afterAll(() => device.dispose());

function modelWith(changes: Partial<Seq2SeqConfig>) {
  return createModel({ ...CONFIG, seq2seq: { ...CONFIG.seq2seq, ...changes } }, NUM_ITEMS);
}

describe('startWeights', () => {
  it('starts the items at their spectral vectors, and the unknown item at zero', () => {
    const model = modelWith({});
    startWeights(model, device, DATA);
    const started = device.read(model.params.itemVectors!);
    expect(started.subarray(0, SIZE)).toEqual(new Float32Array(SIZE));
    expect(started.subarray(SIZE)).toEqual(spectralVectors(LOG, DATA.split, NUM_ITEMS, SIZE, 1));
  });

  it('starts each code at the mean of what its items’ vectors have left of the levels before', () => {
    const model = modelWith({});
    startWeights(model, device, DATA);
    const head = device.read(model.params.head);
    const weightsOf = (level: number, code: number) =>
      Array.from({ length: SIZE }, (_, d) => head[(level * SIZE + d) * WIDTH + code]);
    const vectors = spectralVectors(LOG, DATA.split, NUM_ITEMS, SIZE, 1);
    const left = Array.from({ length: NUM_ITEMS }, (_, i) => [...vectors.subarray(i * SIZE, (i + 1) * SIZE)]);
    for (const level of [0, 1, 2]) {
      for (let code = 0; code < WIDTH; code++) {
        const items = DATA.semanticIds.flatMap((id, item) => (id[level] === code ? [item] : []));
        const mean = (d: number) => items.reduce((sum, item) => sum + left[item][d], 0) / Math.max(1, items.length);
        const expected = Array.from({ length: SIZE }, (_, d) => mean(d));
        weightsOf(level, code).forEach((weight, d) => expect(weight).toBeCloseTo(expected[d], 5));
        for (const item of items) left[item] = left[item].map((x, d) => x - expected[d]);
      }
    }
  });

  it('leaves a model without item vectors as it is', () => {
    const model = modelWith({ itemHead: false });
    const before = device.read(model.params.head).slice();
    startWeights(model, device, DATA);
    expect(device.read(model.params.head)).toEqual(before);
  });
});
