import * as tf from '@tensorflow/tfjs';

import { presetConfig, type Seq2SeqConfig } from '../../../models/config';
import type { Seq2Seq } from '../../../models/seq2seq/batches';
import { createParameters } from '../../../models/seq2seq/parameters';
import { crossBias, decoderBias, constantPlans, encoderBias, stepBias } from '../../../models/seq2seq/position-bias';
import { createVocabulary } from '../../../models/seq2seq/vocabulary';

/** Distances 0, 1, 2, 3 have buckets of their own: half of these are exact, and items are few. */
const NUM_BUCKETS = 8;

function makeModel(encoder: Seq2SeqConfig['encoder'], userTokens: number): Seq2Seq {
  const sizes = { numBuckets: NUM_BUCKETS, maxDistance: 16, numHeads: 1, userTokens };
  const config = { ...presetConfig('tiny').seq2seq, ...sizes, encoder, itemHead: false };
  const vocabulary = createVocabulary(2, 8, userTokens);
  return { config, vocabulary, params: createParameters(config, vocabulary, 7, 0) };
}

/** The table's only head. */
const rowsOf = (table: tf.Tensor) => [...table.dataSync()];
/** `[1, 1, queries, keys]` with null where a key is hidden. */
const visible = (bias: tf.Tensor | null) =>
  (bias!.arraySync() as number[][][][])[0][0].map((row) => row.map((value) => (value < -1e8 ? null : value)));

describe('encoderBias', () => {
  it('hides later items from the item-causal encoder; the user has a bucket of its own, the last', () => {
    const model = makeModel('item-causal', 5);
    const b = rowsOf(model.params.encoderBias);
    const user = b[NUM_BUCKETS];
    expect(visible(encoderBias(model, constantPlans(model, 4)))).toEqual([
      [user, null, null, null],
      [user, b[0], null, null],
      [user, b[1], b[0], null],
      [user, b[2], b[1], b[0]],
    ]);
  });

  it('shows all to the bidirectional encoder, by distance and direction', () => {
    const model = makeModel('bidirectional', 5);
    const b = rowsOf(model.params.encoderBias);
    expect(visible(encoderBias(model, constantPlans(model, 3)))).toEqual([
      [b[0], b[5], b[6]],
      [b[1], b[0], b[5]],
      [b[2], b[1], b[0]],
    ]);
  });
});

describe('decoderBias', () => {
  it('shows each code itself and the codes before it, by distance', () => {
    const model = makeModel('item-causal', 0);
    const b = rowsOf(model.params.decoderBias);
    expect(visible(decoderBias(model))).toEqual([
      [b[0], null, null],
      [b[1], b[0], null],
      [b[2], b[1], b[0]],
    ]);
  });
});

describe('crossBias', () => {
  const model = makeModel('item-causal', 0);
  const b = rowsOf(model.params.crossBias!);

  it('causal: each target sees one item more than the target before it, all codes of a target the same', () => {
    const [first, second] = [
      [b[1], b[0], null],
      [b[2], b[1], b[0]],
    ];
    expect(visible(crossBias(model, 3, 2, 'causal'))).toEqual([first, first, first, second, second, second]);
  });

  it('full: every target sees all items', () => {
    const all = [b[2], b[1], b[0]];
    expect(visible(crossBias(model, 3, 2, 'full'))).toEqual(Array.from({ length: 6 }, () => all));
  });
});

describe('stepBias', () => {
  it('has the row of its level in decoderBias, the newest code last, and hides what the cache has beyond', () => {
    const model = makeModel('item-causal', 0);
    const table = model.params.decoderBias;
    const b = rowsOf(table);
    // The cache holds levels 0 and 1 from the start of a search of fixed shape; the last key is the code just read.
    const atLevel = (level: number) => visible(stepBias(table, tf.tensor1d([level]), 2))[0];
    expect(atLevel(0)).toEqual([null, null, b[0]]);
    expect(atLevel(1)).toEqual([b[1], null, b[0]]);
    expect(atLevel(2)).toEqual([b[2], b[1], b[0]]);
  });
});
