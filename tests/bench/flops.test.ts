import { trainingStepFlops } from '../../bench/flops';
import { presetConfig } from '../../models/config';

describe('trainingStepFlops', () => {
  it('counts every product of a step that is small enough to count by hand', () => {
    const config = {
      ...presetConfig('tiny').seq2seq,
      encoderLayers: 1,
      decoderLayers: 1,
      modelSize: 2,
      numHeads: 1,
      headSize: 3,
      feedForwardSize: 5,
    };
    // Multiply-adds, S = 4, L = 2, K = 7. Encoder: 4 projections of 4·2·3, scores and mix 2·4·4·3, feed-forward 2·4·2·5.
    const encoder = 96 + 96 + 80;
    // Decoder: own 4·2·2·3 and 2·2·2·3; cross: two of 2·2·3, two of 4·2·3, 2·2·4·3; feed-forward 2·2·2·5; head 2·2·7.
    const decoder = 48 + 24 + (24 + 48 + 48) + 40 + 28;
    expect(trainingStepFlops(config, { batch: 1, source: 4, levels: 2, codesPerLevel: 7 })).toBe(
      6 * (encoder + decoder),
    );
  });
});
