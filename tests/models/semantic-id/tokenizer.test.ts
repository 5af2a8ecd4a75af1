import * as tf from '@tensorflow/tfjs';

import type { HostTensors } from '../../../models/compute/device';
import { presetConfig } from '../../../models/config';
import { assignCodes } from '../../../models/semantic-id/quantizer';
import { createRqvae, encode } from '../../../models/semantic-id/rqvae';
import { Tokenizer } from '../../../models/semantic-id/tokenizer';
import { fitWhitening, whiten } from '../../../models/text/item-features';
import { clusteredPoints } from '../../support/clustered-points';

const DIMS = 10;
const CONFIG = { ...presetConfig('tiny').tokenizer, numLevels: 3, codebookSize: 7, hidden: [9, 6], latentSize: 4 };
const VECTORS = clusteredPoints({ n: 60, dims: DIMS, clusters: 12, seed: 1 });

function untrained() {
  const whitening = fitWhitening(VECTORS, DIMS, 8);
  const params = createRqvae(CONFIG, 8, 3);
  params.codebooks.forEach((codebook, level) =>
    tf.tidy(() => codebook.assign(tf.tensor2d(clusteredPoints({ n: 7, dims: 4, clusters: 7, seed: level }), [7, 4]))),
  );
  const host = (tensor: tf.Tensor) => ({ shape: tensor.shape, data: tensor.dataSync<'float32'>() });
  const encoder = params.encoder.map(({ kernel, bias }) => ({ kernel: host(kernel), bias: host(bias) }));
  return {
    params,
    whitening,
    tokenizer: new Tokenizer({ whitening, collaborativeMap: null, encoder, codebooks: params.codebooks.map(host) }),
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
