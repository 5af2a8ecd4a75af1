import * as tf from '@tensorflow/tfjs';

import { createRandom } from '../../../models/math/random';
import {
  attend,
  distanceBucket,
  FORBIDDEN,
  keysAndValues,
  paddingBias,
  planBias,
  planTensors,
  relativeBias,
} from '../../../models/seq2seq/attention';
import { noDropout } from '../../../models/seq2seq/blocks';

type Matrix = number[][];

const [HEADS, HEAD_SIZE, WIDTH] = [2, 3, 4];
const random = createRandom(1);
const matrix = (rows: number, columns: number): Matrix =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal()));
const times = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0].map((_, j) => row.reduce((sum, x, i) => sum + x * b[i][j], 0)));

/** Attention of one sequence to another, written with loops. */
function plainAttention(
  weights: Record<'query' | 'key' | 'value' | 'out', Matrix>,
  x: Matrix,
  memory: Matrix,
  bias: number[][][],
): Matrix {
  const [q, k, v] = [times(x, weights.query), times(memory, weights.key), times(memory, weights.value)];
  const heads = x.map((_, t) =>
    Array.from({ length: HEADS }, (_, h) => {
      const own = (row: number[]) => row.slice(h * HEAD_SIZE, (h + 1) * HEAD_SIZE);
      const scores = memory.map((_, s) =>
        own(q[t]).reduce((sum, value, i) => sum + value * own(k[s])[i], bias[h][t][s]),
      );
      const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
      return own(v[0]).map((_, i) =>
        scores.reduce((sum, score, s) => sum + (Math.exp(score) / total) * own(v[s])[i], 0),
      );
    }).flat(),
  );
  return times(heads, weights.out);
}

describe('attend', () => {
  const inner = HEADS * HEAD_SIZE;
  const weights = {
    query: matrix(WIDTH, inner),
    key: matrix(WIDTH, inner),
    value: matrix(WIDTH, inner),
    out: matrix(inner, WIDTH),
  };
  const params = {
    query: tf.tensor2d(weights.query),
    key: tf.tensor2d(weights.key),
    value: tf.tensor2d(weights.value),
    out: tf.tensor2d(weights.out),
  };
  const [queries, memories] = [
    [matrix(3, WIDTH), matrix(3, WIDTH)],
    [matrix(5, WIDTH), matrix(5, WIDTH)],
  ];
  const bias = Array.from({ length: HEADS }, () => matrix(3, 5));

  it('is softmax(q · kᵀ + bias) · v of each head, each row of a batch by itself', () => {
    const memory = keysAndValues(params, tf.tensor3d(memories), HEADS);
    const found = attend(
      params,
      tf.tensor3d(queries),
      memory,
      tf.tensor4d([bias]),
      HEADS,
      noDropout,
    ).arraySync() as number[][][];
    found.forEach((rows, b) => {
      const expected = plainAttention(weights, queries[b], memories[b], bias);
      rows.forEach((row, t) => row.forEach((value, d) => expect(value).toBeCloseTo(expected[t][d], 4)));
    });
  });
});

describe('relativeBias', () => {
  const table = tf.tensor2d([[1, -1], [2, -2], [3, -3]]); // prettier-ignore

  it("gives each pair its bucket's row, a column a head, and hides what the plan hides", () => {
    const plan = planBias(2, 3, (query, key) => (key > query + 1 ? null : key));
    const [heads] = relativeBias(table, planTensors(plan)).arraySync() as number[][][][];
    expect(heads[0]).toEqual([[1, 2, 1 + FORBIDDEN], [1, 2, 3]].map((row) => row.map(Math.fround))); // prettier-ignore
    expect(heads[1][1]).toEqual([-1, -2, -3]);
  });
});

describe('paddingBias', () => {
  it('hides padding from all heads and queries', () => {
    const bias = paddingBias(tf.tensor2d([[0, 1, 1]]));
    expect(bias.shape).toEqual([1, 1, 1, 3]);
    expect([...bias.dataSync()].map((value) => value + 0)).toEqual([FORBIDDEN, 0, 0]);
  });
});

describe('distanceBucket', () => {
  it('is exact for the near half and logarithmic for the rest, to the last bucket', () => {
    // 8 buckets up to 16: 4 + ⌊log(d/4) / log(16/4) · 4⌋ from 4 on.
    const buckets = [0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 15, 16, 1000].map((d) => distanceBucket(d, false, 8, 16));
    expect(buckets).toEqual([0, 1, 2, 3, 4, 4, 5, 5, 6, 6, 7, 7, 7, 7]);
  });

  it('takes keys behind the query for the query itself in one direction, and gives them the upper half in two', () => {
    expect([-1, -9].map((d) => distanceBucket(d, false, 8, 16))).toEqual([0, 0]);
    // 4 buckets a direction: 2 exact ones, then 2 + ⌊log(d/2) / log(16/2) · 2⌋.
    expect([0, 1, 2, 5, 6, 99].map((d) => distanceBucket(d, true, 8, 16))).toEqual([0, 1, 2, 2, 3, 3]);
    expect([-1, -2, -5, -6, -99].map((d) => distanceBucket(d, true, 8, 16))).toEqual([5, 6, 6, 7, 7]);
  });
});
