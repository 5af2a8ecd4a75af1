import * as tf from '@tensorflow/tfjs';

import type { HostTensor } from '../../../models/compute/device';
import { presetConfig, type Seq2SeqConfig } from '../../../models/config';
import { createRandom } from '../../../models/math/random';
import { SourceBatch, type Seq2Seq } from '../../../models/seq2seq/batches';
import { decodeStep, historyMemory, type DecoderCache } from '../../../models/seq2seq/decode-step';
import { createParameters } from '../../../models/seq2seq/parameters';
import { decode, encode, type EncoderInputs } from '../../../models/seq2seq/transformer';
import { BEGIN_TOKEN, createVocabulary, levelOffset } from '../../../models/seq2seq/vocabulary';

const LEVELS = 2;
const CODES = 8;
const NUM_ITEMS = 10;

function makeModel(encoder: Seq2SeqConfig['encoder'], changes: Partial<Seq2SeqConfig> = {}): Seq2Seq {
  const config = {
    ...presetConfig('tiny').seq2seq,
    encoder,
    itemHead: encoder === 'item-causal',
    encoderLayers: 2,
    decoderLayers: 2,
    ...changes,
  };
  const vocabulary = createVocabulary(LEVELS, CODES, config.userTokens);
  return { config, vocabulary, params: createParameters(config, vocabulary, 7, NUM_ITEMS) };
}

function randomItems(count: number, seed: number): number[][] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => Array.from({ length: LEVELS + 1 }, () => random.int(CODES)));
}

/** One user's source, with `padding` items' worth of room before the first; item i of the history has row i + 1. */
function sourceOf(model: Seq2Seq, items: number[][], padding = 0): EncoderInputs & { mask: tf.Tensor } {
  const batch = new SourceBatch(model, 1, items.length + padding);
  const history = items.map((codes, i) => ({ codes, row: i + 1, kind: 0, at: 0 }));
  batch.write(0, model.config.userTokens > 0 ? 'someone' : null, history);
  const tensorOf = ({ shape, data }: HostTensor) =>
    tf.tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32');
  const { tokens, mask, items: rows } = batch.inputs();
  return { tokens: tensorOf(tokens), mask: tensorOf(mask), ...(rows && { items: tensorOf(rows) }) };
}

function logProbabilities(model: Seq2Seq, items: number[][], target: number[], padding = 0): number[] {
  const source = sourceOf(model, items, padding);
  const targets = tf.tensor3d([[target]], [1, 1, target.length], 'int32');
  const logits = decode(model, encode(model, source), source.mask, targets, 'full');
  const rows = tf.logSoftmax(logits).arraySync() as number[][][];
  return target.map((code, level) => rows[level][0][code]);
}

describe.each(['bidirectional', 'item-causal'] as const)('transformer, %s encoder', (encoder) => {
  it('gives the same scores teacher-forced and step by step with a cache', () => {
    const model = makeModel(encoder);
    const [target, ...history] = randomItems(5, 1);
    const source = sourceOf(model, history);
    const memory = historyMemory(model, encode(model, source), source);
    let cache: DecoderCache = [];
    const stepped = target.map((code, level) => {
      const token = level === 0 ? BEGIN_TOKEN : levelOffset(model.vocabulary, level - 1) + target[level - 1];
      const step: { logits: tf.Tensor; cache: DecoderCache } = decodeStep(
        model,
        tf.tensor1d([token], 'int32'),
        level,
        cache,
        memory,
      );
      cache = step.cache;
      return (tf.logSoftmax(step.logits).arraySync() as number[][])[0][code];
    });
    const forced = logProbabilities(model, history, target);
    stepped.forEach((value, level) => expect(value).toBeCloseTo(forced[level], 5));
  });

  it('does not see padding', () => {
    const model = makeModel(encoder, { userTokens: 0 });
    const [target, ...history] = randomItems(4, 2);
    const plain = logProbabilities(model, history, target);
    const padded = logProbabilities(model, history, target, 3);
    padded.forEach((value, level) => expect(value).toBeCloseTo(plain[level], 5));
  });

  it('does not let a code see the ones after it', () => {
    const model = makeModel(encoder);
    const [target, ...history] = randomItems(4, 3);
    const changed = [target[0], target[1], (target[2] + 1) % CODES];
    expect(logProbabilities(model, history, changed).slice(0, 2)).toEqual(
      logProbabilities(model, history, target).slice(0, 2),
    );
  });
});

describe('decode with the targetMask "causal"', () => {
  it('scores every position as if the history had ended there', () => {
    const model = makeModel('item-causal');
    const items = randomItems(5, 5);
    const [sources, targets] = [items.slice(0, -1), items.slice(1)];
    const source = sourceOf(model, sources);
    const logits = decode(
      model,
      encode(model, source),
      source.mask,
      tf.tensor3d([targets], [1, 4, 3], 'int32'),
      'causal',
    );
    const rows = tf.logSoftmax(logits).arraySync() as number[][][]; // [idLength, T, K]
    targets.forEach((target, slot) => {
      const alone = logProbabilities(model, sources.slice(0, slot + 1), target);
      target.forEach((code, level) => expect(rows[level][slot][code]).toBeCloseTo(alone[level], 4));
    });
  });
});
