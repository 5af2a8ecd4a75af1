import { CheckpointError } from '../../../models/checkpoint/checkpoint';
import { createModel, restoreWeights, weightsOf } from '../../../models/checkpoint/model-weights';
import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import { presetConfig } from '../../../models/config';

const config = presetConfig('tiny');
const NUM_ITEMS = 5;

describe.each(['tfjs-cpu', 'onnx-cpu'] as const)('model weights on %s', (backend) => {
  let device: Device;
  beforeAll(async () => (device = await openDevice({ backend, threads: 1 })));
  afterAll(() => device.dispose());

  it('come back into a model of zeros as they were', () => {
    const model = createModel(config, NUM_ITEMS);
    const weights = weightsOf(model, device);
    expect(Object.keys(weights)).toEqual([...model.params.variables.keys()]);
    const empty = createModel(config, NUM_ITEMS, null);
    expect(weightsOf(empty, device)).not.toEqual(weights);
    restoreWeights(empty, weights, device, 'here');
    expect(weightsOf(empty, device)).toEqual(weights);
  });

  it('are refused where one is missing or of another shape, by name', () => {
    const weights = weightsOf(createModel(config, NUM_ITEMS), device);
    const { head, ...others } = weights;
    const restore =
      (from: typeof weights, numItems = NUM_ITEMS) =>
      () =>
        restoreWeights(createModel(config, numItems, null), from, device, 'here');
    expect(restore(others)).toThrow(new CheckpointError(`here: weight head: expected shape [${head.shape}], got none`));
    expect(restore(weights, NUM_ITEMS + 1)).toThrow(
      /^here: weight itemVectors: expected shape \[7,16\], got \[6,16\]$/,
    );
  });
});
