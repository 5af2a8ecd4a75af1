import { presetConfig } from '../../../models/config';
import { splitLog } from '../../../models/data/interactions';
import { neighbourTable } from '../../../models/training/counted-evidence';
import { onSharedMemory, buffersOf, packModel, unpackModel } from '../../../src/workers/packed-data';
import { idsOf, walkingLog } from '../../support/little-log';

describe('onSharedMemory', () => {
  it('has the same data, with the arrays of numbers on shared memory', () => {
    const data = { name: 'a', none: null, list: [1, { of: Float64Array.of(0.5) }], ends: Uint32Array.of(3) };
    const shared = onSharedMemory(data);
    expect(shared).toEqual(data);
    expect(shared.ends.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect((shared.list[1] as { of: Float64Array }).of.buffer).toBeInstanceOf(SharedArrayBuffer);
  });
});

describe('buffersOf', () => {
  it('finds each buffer of a message once, however deep it lies', () => {
    const one = new Float32Array(4);
    const two = new Int32Array(2);
    const message = { one, half: one.subarray(2), list: [null, { two }], text: 'text', none: null, number: 3 };
    expect(buffersOf(message)).toEqual([one.buffer, two.buffer]);
  });
});

describe('packModel', () => {
  it('becomes the same model again, and shares all but the weights', () => {
    const log = walkingLog(10, 5, 8);
    const split = splitLog(log);
    const model = {
      config: presetConfig('tiny'),
      weights: { one: { shape: [2], data: Float32Array.of(1, 2) } },
      itemIds: Int32Array.from({ length: 8 }, (_, row) => row),
      itemTexts: { shape: [1, 2], data: Float32Array.of(0, 0) },
      neighbours: neighbourTable(log, split, 8),
      popularity: new Float32Array(8).fill(1),
      evaluation: { log, split, semanticIds: idsOf(8), codebookSize: 8, seed: 1 },
    };
    const packed = packModel(model);
    expect(unpackModel(packed)).toEqual(model);
    expect(packed.evaluation.log.items.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(packed.weights.one.data.buffer).toBeInstanceOf(ArrayBuffer);
  });
});
