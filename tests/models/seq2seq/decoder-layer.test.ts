import * as tf from '@tensorflow/tfjs';

import { presetConfig } from '../../../models/config';
import { createRandom } from '../../../models/math/random';
import { FORBIDDEN, type KeysAndValues } from '../../../models/seq2seq/attention';
import { noDropout } from '../../../models/seq2seq/blocks';
import { decoderLayer } from '../../../models/seq2seq/decoder-layer';
import { createParameters } from '../../../models/seq2seq/parameters';
import { createVocabulary } from '../../../models/seq2seq/vocabulary';

const [USERS, ITEMS, CODES, LENGTH] = [2, 3, 2, 4]; // three items of each user are written at once
const config = { ...presetConfig('tiny').seq2seq, encoder: 'item-causal' as const, itemHead: false };
const { modelSize: SIZE, numHeads: HEADS, headSize: HEAD_SIZE } = config;
const [layer] = createParameters(config, createVocabulary(CODES - 1, 8, 0), 5, 0).decoder;

const random = createRandom(6);
const normals = (...shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal()),
    shape,
  );
const memory: KeysAndValues = {
  keys: normals(USERS, HEADS, LENGTH, HEAD_SIZE),
  values: normals(USERS, HEADS, LENGTH, HEAD_SIZE),
};
/** A code sees itself and the code before it. */
const causal = tf.tensor4d([[[[0.3, FORBIDDEN], [-0.2, 0.3]]]]); // prettier-ignore
const x = normals(USERS, ITEMS * CODES, SIZE);
const cross = { memory, bias: null };
const own = { shape: [USERS * ITEMS, CODES], bias: causal, past: [] } as const;

const whole = decoderLayer(config, layer, x, own, cross, noDropout).output.arraySync() as number[][][];
/** x at one code of each item; `[USERS, ITEMS, SIZE]`. */
const codeOfAll = (code: number) =>
  tf.reshape(tf.slice(tf.reshape(x, [USERS, ITEMS, CODES, SIZE]), [0, 0, code], [-1, -1, 1]), [USERS, ITEMS, SIZE]);

function expectClose(found: readonly number[], expected: readonly number[]): void {
  found.forEach((value, d) => expect(value).toBeCloseTo(expected[d], 4));
}

describe('decoderLayer', () => {
  it('gives the same code by code, with the keys and values of the codes before, as all at once', () => {
    const shape = [USERS * ITEMS, 1] as const;
    const first = decoderLayer(
      config,
      layer,
      codeOfAll(0),
      { shape, bias: tf.scalar(0.3), past: [] },
      cross,
      noDropout,
    );
    const bias = tf.tensor4d([[[[-0.2, 0.3]]]]);
    const second = decoderLayer(config, layer, codeOfAll(1), { shape, bias, past: [first.made] }, cross, noDropout);
    [first, second].forEach(({ output }, code) =>
      (output.arraySync() as number[][][]).forEach((items, user) =>
        items.forEach((row, item) => expectClose(row, whole[user][item * CODES + code])),
      ),
    );
  });

  it('keeps items apart, and users', () => {
    // Another first item of the first user changes that item's codes alone.
    const mask = tf.tensor3d(
      [...Array(USERS * ITEMS * CODES).keys()].map((at) => (at < CODES ? 1 : 0)),
      [USERS, ITEMS * CODES, 1],
    );
    const output = decoderLayer(
      config,
      layer,
      tf.add(x, mask),
      own,
      cross,
      noDropout,
    ).output.arraySync() as number[][][];
    output.forEach((rows, user) =>
      rows.forEach((row, at) => {
        if (user === 0 && at < CODES) expect(row).not.toEqual(whole[user][at]);
        else expectClose(row, whole[user][at]);
      }),
    );
  });

  it('is the identity when nothing comes out of its three parts', () => {
    const still = createParameters({ ...config, itemHead: true }, createVocabulary(CODES - 1, 8, 0), 5, 3).decoder[0];
    const { output } = decoderLayer(config, still, x, own, cross, noDropout);
    expect(output.arraySync()).toEqual(x.arraySync());
  });
});
