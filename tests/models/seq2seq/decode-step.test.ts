import * as tf from '@tensorflow/tfjs';

import { presetConfig } from '../../../models/config';
import { createRandom } from '../../../models/math/random';
import type { Seq2Seq } from '../../../models/seq2seq/batches';
import { decodeStep, historyMemory, type DecoderCache, type HistoryMemory } from '../../../models/seq2seq/decode-step';
import { createParameters } from '../../../models/seq2seq/parameters';
import { BEGIN_TOKEN, createVocabulary, levelOffset } from '../../../models/seq2seq/vocabulary';

const [USERS, BEAMS, LENGTH] = [2, 3, 4];
const config = {
  ...presetConfig('tiny').seq2seq,
  encoder: 'item-causal' as const,
  itemHead: false,
  userTokens: 0,
  decoderLayers: 2,
};
const vocabulary = createVocabulary(2, 8, 0);
const model: Seq2Seq = { config, vocabulary, params: createParameters(config, vocabulary, 9, 0) };
const random = createRandom(10);
const normals = (...shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal()),
    shape,
  );

const states = normals(USERS, LENGTH, config.modelSize);
const memoryOf = (read: tf.Tensor) => historyMemory(model, read, { mask: tf.ones([read.shape[0], LENGTH]) });
/** The codes that each beam writes at levels 0 and 1. */
const written = Array.from({ length: USERS * BEAMS }, () => [random.int(8), random.int(8)]);

/** Scores the next code after those written; @returns Logits of every row at each level. */
function writeAll(rows: readonly number[], memory: HistoryMemory): number[][][] {
  let cache: DecoderCache = [];
  return [0, 1, 2].map((level) => {
    const tokens = rows.map((row) =>
      level === 0 ? BEGIN_TOKEN : levelOffset(vocabulary, level - 1) + written[row][level - 1],
    );
    const step = decodeStep(model, tf.tensor1d(tokens, 'int32'), level, cache, memory);
    cache = step.cache;
    return step.logits.arraySync() as number[][];
  });
}

describe('decodeStep', () => {
  it("scores each beam of each user from its own codes and its user's history", () => {
    const together = writeAll([0, 1, 2, 3, 4, 5], memoryOf(states));
    for (let row = 0; row < USERS * BEAMS; row++) {
      const ofUser = tf.slice(states, [Math.floor(row / BEAMS), 0, 0], [1, -1, -1]);
      const alone = writeAll([row], memoryOf(ofUser));
      alone.forEach(([logits], level) =>
        logits.forEach((logit, code) => expect(together[level][row][code]).toBeCloseTo(logit, 4)),
      );
    }
  });

  it('does not read what the cache has of later levels, and takes the level as a tensor too', () => {
    const memory = memoryOf(tf.slice(states, [0, 0, 0], [1, -1, -1]));
    const first = decodeStep(model, tf.tensor1d([BEGIN_TOKEN], 'int32'), 0, [], memory);
    const tokens = tf.tensor1d([levelOffset(vocabulary, 0) + 3], 'int32');
    const plain = decodeStep(model, tokens, 1, first.cache, memory).logits;
    const noise = tf.mul(tf.onesLike(first.cache[0]), 5);
    const long = decodeStep(model, tokens, tf.tensor1d([1], 'int32'), [...first.cache, noise], memory).logits;
    long.dataSync().forEach((logit, code) => expect(logit).toBeCloseTo(plain.dataSync()[code], 4));
  });
});
