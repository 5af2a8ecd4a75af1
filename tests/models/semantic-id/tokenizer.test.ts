import * as tf from '@tensorflow/tfjs';

import type { HostTensor, HostTensors } from '../../../models/compute/device';
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
    tokenizer: new Tokenizer({ whitening, foretelling: null, encoder, codebooks: params.codebooks.map(host) }),
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

  it('gives many items the codes that each gets alone', () => {
    const many = Float32Array.from({ length: 1100 * DIMS }, (_, i) => VECTORS[i % VECTORS.length]);
    const codes = tokenizer.assign(many, DIMS);
    expect([...codes.subarray(1080 * 3)]).toEqual([...tokenizer.assign(VECTORS, DIMS).subarray(0, 20 * 3)]);
  });

  it('says what it is', () => {
    const { kind, dims, numLevels, codebookSize } = tokenizer;
    expect({ kind, dims, numLevels, codebookSize }).toEqual({ kind: 'rqvae', dims: 10, numLevels: 3, codebookSize: 7 });
  });

  it('ranks the last level’s codes, the assigned one first', () => {
    const codes = tokenizer.assign(VECTORS, DIMS);
    for (let row = 0; row < 60; row++) {
      const ranked = tokenizer.rankLastLevel(VECTORS.subarray(row * DIMS, (row + 1) * DIMS));
      expect(ranked[0]).toBe(codes[row * 3 + 2]);
      expect([...ranked].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    }
  });

  it('assigns the same after a round trip through tensors', () => {
    const again = Tokenizer.fromTensors(tokenizer.toTensors());
    expect([...again.assign(VECTORS, DIMS)]).toEqual([...tokenizer.assign(VECTORS, DIMS)]);
    expect(again.kind).toBe('rqvae');
  });

  it('names what is missing or does not fit', () => {
    const tensors = tokenizer.toTensors();
    const without = (name: string): HostTensors =>
      Object.fromEntries(Object.entries(tensors).filter(([key]) => key !== name));
    expect(() => Tokenizer.fromTensors(without('whitening.mean'))).toThrow(
      'expected a tensor whitening.mean, got none',
    );
    expect(() => Tokenizer.fromTensors(without('encoder.1.bias'))).toThrow(
      'expected a tensor encoder.1.bias, got none',
    );
    expect(() => Tokenizer.fromTensors(without('codebook.0'))).toThrow('expected a tensor codebook.0, got none');
    const wrong = { ...tensors, 'codebook.1': { shape: [7, 3], data: new Float32Array(21) } };
    expect(() => Tokenizer.fromTensors(wrong)).toThrow('codebook.1: expected shape [7, 4], got [7, 3]');
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
  const tokenizer = new Tokenizer({ whitening, foretelling: null, encoder, codebooks });

  it('sends features through the layers, then level by level', () => {
    expect([...tokenizer.assign(Float32Array.of(3, 1), 2)]).toEqual([1, 1]);
  });

  it('ranks the last level’s codes by what the levels before leave', () => {
    expect([...tokenizer.rankLastLevel(Float32Array.of(3, 1))]).toEqual([1, 2, 0]);
    const tied = { ...encoder[1], bias: tensor([1], 3) }; // −1.5: nothing is left, and codes 0 and 1 of two are equally near
    const books = [tensor([2, 1], -1.5, 2), tensor([2, 1], 1, -1)];
    const other = new Tokenizer({ whitening, foretelling: null, encoder: [encoder[0], tied], codebooks: books });
    expect([...other.rankLastLevel(Float32Array.of(3, 1))]).toEqual([0, 1]);
  });

  it('yields all codes level by level, the nearest first', () => {
    const paths = [...tokenizer.nearestCodes(Float32Array.of(3, 1))];
    // The last level of the nearest first code is that of `rankLastLevel`.
    expect(paths.slice(0, 3)).toEqual([[1, 1], [1, 2], [1, 0]]); // prettier-ignore
    expect(new Set(paths.map(String)).size).toBe(9);
    expect(paths.map(([first]) => first)).toEqual([1, 1, 1, ...paths.slice(3).map(([first]) => first)]);
    expect(new Set(paths.slice(3, 6).map(([first]) => first)).size).toBe(1);
  });

  it('is residual k-means over the features where it has no layers', () => {
    const books = [tensor([2, 2], 0, 0, 2, -2), tensor([2, 2], 0, 0, 0, 1)];
    const kmeans = new Tokenizer({ whitening, foretelling: null, encoder: [], codebooks: books });
    expect([kmeans.kind, kmeans.dims, kmeans.numLevels, kmeans.codebookSize]).toEqual(['kmeans', 2, 2, 2]);
    // (2, −1) → (2, −2), left (0, 1).
    expect([...kmeans.assign(Float32Array.of(3, 1), 2)]).toEqual([1, 1]);
    expect(Tokenizer.fromTensors(kmeans.toTensors()).kind).toBe('kmeans');
  });

  it('names its tensors and their shapes', () => {
    const shapes = Object.entries(tokenizer.toTensors()).map(([name, { shape }]) => [name, shape]);
    expect(Object.fromEntries(shapes)).toEqual({
      'whitening.mean': [2],
      'whitening.components': [2, 2],
      'encoder.0.kernel': [2, 2],
      'encoder.0.bias': [2],
      'encoder.1.kernel': [2, 1],
      'encoder.1.bias': [1],
      'codebook.0': [3, 1],
      'codebook.1': [3, 1],
    });
  });

  it.each([
    ['encoder.0.kernel', tensor([3, 2], 1, 2, 3, 4, 5, 6), 'expected shape [2, 2], got [3, 2]'],
    ['encoder.0.bias', tensor([1], 1), 'expected shape [2], got [1]'],
    ['encoder.0.bias', tensor([1, 2], 0, 1), 'expected shape [2], got [1, 2]'],
    ['encoder.1.kernel', tensor([1, 2], 1, 2), 'expected shape [2, 2], got [1, 2]'],
    ['codebook.1', tensor([2, 1], 1, 2), 'expected shape [3, 1], got [2, 1]'],
    ['codebook.1', tensor([3, 1], 1, 2), 'expected shape [3, 1], got [3, 1]'],
    ['collaborative.map', tensor([2, 3], 1, 2, 3, 4, 5, 6), 'expected shape [2, 2], got [2, 3]'],
  ])('refuses %s of another shape or size', (name, wrong, message) => {
    const tensors = { ...tokenizer.toTensors(), [name]: wrong };
    expect(() => Tokenizer.fromTensors(tensors)).toThrow(`${name}: ${message}`);
  });
});

describe('Tokenizer, with the linear map of a former release', () => {
  // Two text features, one collaborative feature, which is as the first text feature foretells it. All rows have length √2.
  const root = Math.SQRT2;
  const tokenizer = new Tokenizer({
    whitening: { mean: Float32Array.of(0, 0), components: Float32Array.of(1, 0, 0, 1) },
    foretelling: { map: tensor([1, 2], 1, 0) },
    encoder: [],
    codebooks: [tensor([4, 3], 0, root, root, 0, root, -root, root, 0, root, root, 0, -root)],
  });
  // Text (0, 1) or (1, 0); what is given is above or below 0. Codes: text · 2 + (below 0).
  const TEXTS = { up: [0, 1], right: [1, 0] };

  it('reads what is given beside the text', () => {
    const text = Float32Array.from([...TEXTS.up, ...TEXTS.up, ...TEXTS.right, ...TEXTS.right]);
    expect([...tokenizer.assign(text, 2, Float32Array.of(5, -0.1, 3, -3))]).toEqual([0, 1, 2, 3]);
  });

  it('foretells what is not given', () => {
    const text = Float32Array.from([1, 0, -1, 0]);
    expect([...tokenizer.assign(text, 2)].at(0)).toBe(2);
    expect([...tokenizer.assign(text, 2, Float32Array.of(-1, 0))].at(0)).toBe(3);
    expect(tokenizer.rankLastLevel(Float32Array.of(1, 0))[0]).toBe(2);
    expect(tokenizer.rankLastLevel(Float32Array.of(1, 0), Float32Array.of(-1))[0]).toBe(3);
  });

  it('keeps each row beside its own text, however many there are', () => {
    const rows = Array.from({ length: 2500 }, (_, row) => ({ isUp: row % 3 === 0, given: row % 5 < 2 ? 1 : -1 }));
    const text = Float32Array.from(rows.flatMap(({ isUp }) => (isUp ? TEXTS.up : TEXTS.right)));
    const codes = tokenizer.assign(
      text,
      2,
      Float32Array.from(rows, ({ given }) => given),
    );
    expect([...codes]).toEqual(rows.map(({ isUp, given }) => (isUp ? 0 : 2) + (given < 0 ? 1 : 0)));
  });

  it('does so with several collaborative features too', () => {
    const two = new Tokenizer({
      whitening: { mean: Float32Array.of(0), components: Float32Array.of(1) },
      foretelling: { map: tensor([2, 1], 1, 0) },
      encoder: [],
      codebooks: [tensor([2, 3], 1, 1, 0, 1, 0, 1)],
    });
    const rows = Array.from({ length: 2500 }, (_, row) => row % 7 < 3);
    const given = Float32Array.from(rows.flatMap((isFirst) => (isFirst ? [2, 0] : [0, 2])));
    const codes = two.assign(new Float32Array(2500).fill(1), 1, given);
    expect([...codes]).toEqual(rows.map((isFirst) => (isFirst ? 0 : 1)));
  });

  it('assigns the same after a round trip through tensors', () => {
    const again = Tokenizer.fromTensors(tokenizer.toTensors());
    const text = Float32Array.from([...TEXTS.up, ...TEXTS.right]);
    expect([...again.assign(text, 2, Float32Array.of(-1, -1))]).toEqual([1, 3]);
    expect(again.toTensors()['collaborative.map']).toEqual(tensor([1, 2], 1, 0));
  });
});

describe('Tokenizer, with exemplars', () => {
  // Two text features, one collaborative feature. The exemplars have texts to the right and above; the first was bought, the second not.
  const root = Math.SQRT2;
  const parts = {
    whitening: { mean: Float32Array.of(0, 0), components: Float32Array.of(1, 0, 0, 1) },
    foretelling: { texts: tensor([2, 2], 1, 0, 0, 1), features: tensor([2, 1], 1, -1) },
    encoder: [],
    codebooks: [tensor([4, 3], 0, root, root, 0, root, -root, root, 0, root, root, 0, -root)],
  };
  const tokenizer = new Tokenizer(parts);

  it('gives an item the features of those whose texts are like its own, unless it has features', () => {
    expect([...tokenizer.assign(Float32Array.of(1, 0.1, 0.1, 1), 2)]).toEqual([2, 1]);
    expect([...tokenizer.assign(Float32Array.of(1, 0.1, 0.1, 1), 2, Float32Array.of(-1, 1))]).toEqual([3, 0]);
  });

  it('assigns the same after a round trip through tensors', () => {
    const again = Tokenizer.fromTensors(tokenizer.toTensors());
    expect([...again.assign(Float32Array.of(1, 0.1, 0.1, 1), 2)]).toEqual([2, 1]);
  });

  it('takes a shop without exemplars, where nothing was bought near anything', () => {
    const foretelling = { texts: tensor([0, 2]), features: tensor([0, 1]) };
    const again = Tokenizer.fromTensors(new Tokenizer({ ...parts, foretelling }).toTensors());
    expect(() => again.assign(Float32Array.of(1, 0), 2)).not.toThrow();
  });

  it.each([
    ['collaborative.texts', tensor([2, 3], 1, 2, 3, 4, 5, 6), 'expected shape [2, 2], got [2, 3]'],
    ['collaborative.texts', tensor([1, 2], 1, 2), 'expected shape [2, 2], got [1, 2]'],
  ])('refuses %s of another shape', (name, wrong, message) => {
    const tensors = { ...tokenizer.toTensors(), [name]: wrong };
    expect(() => Tokenizer.fromTensors(tensors)).toThrow(`${name}: ${message}`);
  });
});
