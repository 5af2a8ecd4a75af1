import { createModel } from '../../../models/checkpoint/model-weights';
import { presetConfig } from '../../../models/config';
import { disposeParameters } from '../../../models/seq2seq/parameters';
import { TargetBatch } from '../../../models/seq2seq/targets';

/** A batch of two rows with room for two targets, of which the first row has one. */
function inputsOf(itemHead: boolean) {
  const config = presetConfig('tiny');
  const model = createModel({ ...config, seq2seq: { ...config.seq2seq, itemHead } }, 9);
  const batch = new TargetBatch(model, 2, 2);
  batch.write(0, [{ codes: [1, 2, 0], row: 4 }]);
  disposeParameters(model.params);
  return batch.inputs();
}

describe('TargetBatch', () => {
  it('puts targets at the ends of their rows, and gives padding no weight', () => {
    const { targets, weights, targetItems } = inputsOf(true);
    expect(targets).toEqual({ shape: [2, 2, 3], data: Int32Array.of(0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0) });
    expect(weights).toEqual({ shape: [2, 2], data: Float32Array.of(0, 1, 0, 0) });
    expect(targetItems).toEqual({ shape: [2, 2], data: Int32Array.of(0, 4, 0, 0) });
  });

  it('has no rows of item vectors for a model without these', () => {
    expect(inputsOf(false)).not.toHaveProperty('targetItems');
  });
});
