import * as tf from '@tensorflow/tfjs';

import type { HostTensor } from '../../../models/compute/device';
import { presetConfig } from '../../../models/config';
import { assignCodes } from '../../../models/semantic-id/quantizer';
import { createRqvae, encode } from '../../../models/semantic-id/rqvae';
import { Tokenizer } from '../../../models/semantic-id/tokenizer';
import { principalAxes, whiten, whiteningBy } from '../../../models/text/whitening';
import { clusteredPoints } from '../../support/clustered-points';

const DIMS = 10;
const CONFIG = { ...presetConfig('tiny').tokenizer, numLevels: 3, codebookSize: 7, hidden: [9, 6], latentSize: 4 };
const VECTORS = clusteredPoints({ n: 60, dims: DIMS, clusters: 12, seed: 1 });

function untrained() {
  const whitening = whiteningBy(principalAxes(VECTORS, DIMS)!, 8);
  const params = createRqvae(CONFIG, 8, 3);
  params.codebooks.forEach((codebook, level) =>
    tf.tidy(() => codebook.assign(tf.tensor2d(clusteredPoints({ n: 7, dims: 4, clusters: 7, seed: level }), [7, 4]))),
  );
  const host = (tensor: tf.Tensor) => ({ shape: tensor.shape, data: tensor.dataSync<'float32'>() });
  const encoder = params.encoder.map(({ kernel, bias }) => ({ kernel: host(kernel), bias: host(bias) }));
  return {
    params,
    whitening,
    tokenizer: new Tokenizer({ whitening, exemplars: null, encoder, codebooks: params.codebooks.map(host) }),
  };
}

describe('Tokenizer', () => {
  const { params, whitening, tokenizer } = untrained();

  it('gives the codes that the tensors give', () => {
    const expected = tf.tidy(() => {
      const latents = encode(params, tf.tensor2d(whiten(whitening, VECTORS), [60, 8]));
      return assignCodes(latents, params.codebooks).dataSync();
    });
    expect([...tokenizer.assign(VECTORS, DIMS)]).toEqual([...expected]);
    expect([...tokenizer.assign(VECTORS.subarray(0, DIMS), DIMS)]).toEqual([...expected.slice(0, 3)]);
  });

  it('assigns the same after a round trip through tensors', () => {
    const again = Tokenizer.fromTensors(tokenizer.toTensors());
    expect([...again.assign(VECTORS, DIMS)]).toEqual([...tokenizer.assign(VECTORS, DIMS)]);
  });

  it('refuses an encoder that reads another width than the features have', () => {
    const kernel = { shape: [9, 4], data: new Float32Array(36) };
    const tensors = { ...tokenizer.toTensors(), 'encoder.0.kernel': kernel };
    expect(() => Tokenizer.fromTensors(tensors)).toThrow('encoder: expected a width of 8, got 9');
  });

  it('refuses vectors that it cannot read', () => {
    expect(() => tokenizer.assign(VECTORS, 12)).toThrow('vectors: expected 10 dimensions, got 12');
    const many = new Float32Array(1100 * DIMS);
    many[1090 * DIMS] = NaN;
    expect(() => tokenizer.assign(many, DIMS)).toThrow('row 1090: expected finite numbers, got NaN');
  });
});

const tensor = (shape: number[], ...values: number[]): HostTensor => ({ shape, data: Float32Array.from(values) });

describe('Tokenizer, by hand', () => {
  const whitening = { mean: Float32Array.of(1, 2), components: Float32Array.of(1, 0, 0, 1) };
  const codebooks = [tensor([3, 1], 9, -1.5, 2), tensor([3, 1], 0, -1, -0.1)];
  const encoder = [
    { kernel: tensor([2, 2], 1, -1, 1, 2), bias: tensor([2], 0.5, 1) },
    { kernel: tensor([2, 1], -3, 5), bias: tensor([1], 2.4) },
  ];
  // (3, 1) less the mean is (2, −1). First layer: (2 − 1, −2 − 2) + (0.5, 1) = (1.5, −3), of which ReLU leaves (1.5, 0).
  // Second: −4.5 + 2.4 = −2.1, without ReLU. Nearest is −1.5, code 1; of the −0.6 that is left −1 is nearest, then −0.1, then 0.
  const tokenizer = new Tokenizer({ whitening, exemplars: null, encoder, codebooks });

  it('sends features through the layers, then level by level', () => {
    expect([...tokenizer.assign(Float32Array.of(3, 1), 2)]).toEqual([1, 1]);
  });

  it('yields all codes level by level, the nearest first', () => {
    const paths = [...tokenizer.nearestCodes(Float32Array.of(3, 1))];
    // Nearest to the −0.6 that code 1 leaves is −1, then −0.1, then 0.
    expect(paths.slice(0, 3)).toEqual([[1, 1], [1, 2], [1, 0]]); // prettier-ignore
    expect(new Set(paths.map(String)).size).toBe(9);
    expect(paths.map(([first]) => first)).toEqual([1, 1, 1, ...paths.slice(3).map(([first]) => first)]);
    expect(new Set(paths.slice(3, 6).map(([first]) => first)).size).toBe(1);
  });
});

describe('Tokenizer, with exemplars', () => {
  // Two text features, one collaborative feature. The exemplars have texts to the right and above; the first was bought, the second not.
  const root = Math.SQRT2;
  const parts = {
    whitening: { mean: Float32Array.of(0, 0), components: Float32Array.of(1, 0, 0, 1) },
    exemplars: { texts: tensor([2, 2], 1, 0, 0, 1), features: tensor([2, 1], 1, -1) },
    encoder: [],
    codebooks: [tensor([4, 3], 0, root, root, 0, root, -root, root, 0, root, root, 0, -root)],
  };
  const tokenizer = new Tokenizer(parts);

  it('gives an item the features of those whose texts are like its own, unless it has features', () => {
    expect([...tokenizer.assign(Float32Array.of(1, 0.1, 0.1, 1), 2)]).toEqual([2, 1]);
    expect([...tokenizer.assign(Float32Array.of(1, 0.1, 0.1, 1), 2, Float32Array.of(-1, 1))]).toEqual([3, 0]);
  });

  it('keeps each row beside its own text, however many there are', () => {
    const rows = Array.from({ length: 2500 }, (_, row) => ({ isUp: row % 3 === 0, given: row % 5 < 2 ? 1 : -1 }));
    const text = Float32Array.from(rows.flatMap(({ isUp }) => (isUp ? [0, 1] : [1, 0])));
    const given = Float32Array.from(rows, (row) => row.given);
    expect([...tokenizer.assign(text, 2, given)]).toEqual(
      rows.map((row) => (row.isUp ? 0 : 2) + (row.given < 0 ? 1 : 0)),
    );
  });

  it('assigns the same after a round trip through tensors', () => {
    const again = Tokenizer.fromTensors(tokenizer.toTensors());
    expect([...again.assign(Float32Array.of(1, 0.1, 0.1, 1), 2)]).toEqual([2, 1]);
  });
});
