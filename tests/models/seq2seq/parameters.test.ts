import { presetConfig, type Seq2SeqConfig } from '../../../models/config';
import { createParameters } from '../../../models/seq2seq/parameters';
import { createVocabulary } from '../../../models/seq2seq/vocabulary';

/** As wide as is needed to measure deviations. */
const SIZES = { modelSize: 64, numHeads: 4, headSize: 16, feedForwardSize: 256, numBuckets: 8 };
const VOCABULARY = createVocabulary(2, 32, 10);
const NUM_ITEMS = 100;

function make(encoder: Seq2SeqConfig['encoder'], itemHead: boolean, seed: number | null = 3) {
  const config = { ...presetConfig('tiny').seq2seq, ...SIZES, encoder, itemHead, encoderLayers: 1, decoderLayers: 1 };
  return createParameters(config, VOCABULARY, seed, NUM_ITEMS);
}

function deviation(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0) / values.length);
}

describe('createParameters', () => {
  it('gives each weight the deviation of T5', () => {
    const { variables } = make('bidirectional', false);
    const D = SIZES.modelSize;
    const expected: Record<string, number> = {
      embedding: 1,
      'encoder.0.attention.query': (D * SIZES.headSize) ** -0.5,
      'encoder.0.attention.key': D ** -0.5,
      'encoder.0.attention.value': D ** -0.5,
      'encoder.0.attention.out': 64 ** -0.5, // heads · head size
      'encoder.0.feedForward.up': D ** -0.5,
      'encoder.0.feedForward.down': 256 ** -0.5,
      'decoder.0.cross.out': 64 ** -0.5,
      head: D ** -0.5,
    };
    for (const [name, value] of Object.entries(expected))
      expect([name, deviation(variables.get(name)!.dataSync()) / value]).toEqual([name, expect.closeTo(1, 1)]);
    for (const norm of ['encoderNorm', 'decoder.0.crossNorm'])
      expect(new Set(variables.get(norm)!.dataSync())).toEqual(new Set([1]));
  });

  it('lets the layers of a model with item vectors start as the identity, and reads the codes written from a table of its own', () => {
    const params = make('item-causal', true);
    for (const name of ['encoder.0.attention.out', 'encoder.0.feedForward.down', 'decoder.0.cross.out'])
      expect(deviation(params.variables.get(name)!.dataSync())).toBe(0);
    expect(params.written).not.toBe(params.embedding);
    expect(params.itemVectors!.shape).toEqual([NUM_ITEMS + 1, SIZES.modelSize]);
    expect(params.crossBias!.shape).toEqual([SIZES.numBuckets + 1, SIZES.numHeads]);
    const plain = make('bidirectional', false);
    expect([plain.written === plain.embedding, plain.crossBias, plain.itemVectors]).toEqual([true, null, null]);
  });
});
