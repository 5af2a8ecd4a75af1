import { presetConfig } from '../../../models/config';
import { splitLog } from '../../../models/data/interactions';
import { neighbourTable } from '../../../models/training/neighbour-table';
import { packModel, unpackModel } from '../../../src/workers/packed-model';
import { idsOf, walkingLog } from '../../support/little-log';

describe('packModel', () => {
  it('becomes the same model again, and shares all but the weights', () => {
    const log = walkingLog(10, 5, 8);
    const split = splitLog(log);
    const model = {
      config: presetConfig('tiny'),
      weights: [{ one: { shape: [2], data: Float32Array.of(1, 2) } }],
      itemIds: Int32Array.from({ length: 8 }, (_, row) => row),
      itemTexts: { shape: [1, 2], data: Float32Array.of(0, 0) },
      neighbours: neighbourTable(log, split, 8),
      evaluation: { log, split, semanticIds: idsOf(8), codebookSize: 8, seed: 1 },
    };
    const packed = packModel(model);
    expect(unpackModel(packed)).toEqual(model);
    expect(packed.evaluation.log.items.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(packed.weights[0].one.data.buffer).toBeInstanceOf(ArrayBuffer);
  });
});
