import * as tf from '@tensorflow/tfjs';
import type { Variable } from '@tensorflow/tfjs';

import { presetConfig } from '../../../models/config';
import { createRandom } from '../../../models/math/random';
import { assignCodes } from '../../../models/semantic-id/quantizer';
import { autoencoderLoss, createRqvae, encode, rqvaeLoss } from '../../../models/semantic-id/rqvae';

const CONFIG = { ...presetConfig('tiny').tokenizer, numLevels: 2, codebookSize: 3, hidden: [4], latentSize: 2 };
const BETA = 0.25;
const BATCH = 5;
const F = 3;

type Rows = number[][];
type Weights = Map<string, Float64Array>;

/** Double-precision twins of the layers, on plain arrays. */
const dense = (x: Rows, kernel: Float64Array, bias: Float64Array): Rows =>
  x.map((row) => Array.from(bias, (b, o) => row.reduce((sum, v, i) => sum + v * kernel[i * bias.length + o], b)));
const relu = (x: Rows): Rows => x.map((row) => row.map((v) => Math.max(0, v)));
const perceptron = (w: Weights, name: string, x: Rows): Rows =>
  dense(
    relu(dense(x, w.get(`${name}.0.kernel`)!, w.get(`${name}.0.bias`)!)),
    w.get(`${name}.1.kernel`)!,
    w.get(`${name}.1.bias`)!,
  );
const squares = (x: Rows): number => x.flat().reduce((sum, v) => sum + v * v, 0) / BATCH;
const combine = (a: Rows, b: Rows, f: (x: number, y: number) => number): Rows =>
  a.map((row, i) => row.map((v, j) => f(v, b[i][j])));
const minus = (a: Rows, b: Rows) => combine(a, b, (x, y) => x - y);
const plus = (a: Rows, b: Rows) => combine(a, b, (x, y) => x + y);

/** The loss with everything under a stop-gradient taken from `base`, so that its slopes are the gradients wanted. */
function surrogate(weights: Weights, base: Weights, x: Rows, codes: Rows): number {
  const chosen = (w: Weights, level: number): Rows =>
    codes.map((row) => [0, 1].map((d) => w.get(`codebook.${level}`)![row[level] * 2 + d]));
  const z = perceptron(weights, 'encoder', x);
  const givenZ = perceptron(base, 'encoder', x);
  const [e0, e1] = [chosen(base, 0), chosen(base, 1)];
  const quantised = plus(z, minus(plus(e0, e1), givenZ));
  const codebookTerm =
    squares(minus(givenZ, chosen(weights, 0))) + squares(minus(minus(givenZ, e0), chosen(weights, 1)));
  const commitment = squares(minus(z, e0)) + squares(minus(minus(z, e0), e1));
  return squares(minus(x, perceptron(weights, 'decoder', quantised))) + codebookTerm + BETA * commitment;
}

function setUp() {
  const params = createRqvae(CONFIG, F, 7);
  const random = createRandom(1);
  for (const variable of params.variables.values()) {
    // Biases and codebooks start at 0, where their gradients would be hard to tell apart.
    const noise = Array.from({ length: variable.size }, () => 0.3 * random.normal());
    tf.tidy(() => variable.assign(tf.add(variable, tf.tensor(noise, variable.shape))));
  }
  const x: Rows = Array.from({ length: BATCH }, () => Array.from({ length: F }, () => random.normal()));
  return { params, x, input: tf.tensor2d(x) };
}

const hostWeights = (variables: ReadonlyMap<string, Variable>): Weights =>
  new Map(Array.from(variables, ([name, variable]) => [name, Float64Array.from(variable.dataSync())]));

describe('rqvaeLoss', () => {
  const { params, x, input } = setUp();
  const codes = tf.tidy(() => assignCodes(encode(params, input), params.codebooks));
  const base = hostWeights(params.variables);

  it('is the paper’s loss', () => {
    const loss = tf.tidy(() => rqvaeLoss(params, input, codes, BETA).arraySync());
    expect(loss).toBeCloseTo(surrogate(base, base, x, codes.arraySync()), 4);
  });

  it('has the gradients that finite differences give', () => {
    const { grads } = tf.variableGrads(() => rqvaeLoss(params, input, codes, BETA), [...params.variables.values()]);
    const step = 1e-5;
    for (const [name, variable] of params.variables) {
      const gradient = grads[variable.name].dataSync();
      for (let i = 0; i < variable.size; i++) {
        const at = (shift: number) => {
          const moved = new Map(base).set(
            name,
            base.get(name)!.map((v, j) => (j === i ? v + shift : v)),
          );
          return surrogate(moved, base, x, codes.arraySync());
        };
        const slope = (at(step) - at(-step)) / (2 * step);
        expect(Math.abs(gradient[i] - slope)).toBeLessThan(1e-4 * (1 + Math.abs(slope)));
      }
    }
  });
});

describe('autoencoderLoss', () => {
  it('is the mean squared distance of the inputs to what comes back', () => {
    const { params, x, input } = setUp();
    const weights = hostWeights(params.variables);
    const back = perceptron(weights, 'decoder', perceptron(weights, 'encoder', x));
    const loss = tf.tidy(() => autoencoderLoss(params, input).arraySync());
    expect(loss).toBeCloseTo(squares(minus(x, back)), 4);
  });
});

describe('createRqvae', () => {
  it('draws kernels as He et al. do, and starts biases and codebooks at 0', () => {
    const { encoder, decoder, codebooks } = createRqvae({ ...CONFIG, hidden: [100], latentSize: 40 }, 50, 3);
    for (const { kernel, bias } of [...encoder, ...decoder]) {
      const values = kernel.dataSync<'float32'>();
      const meanSquare = values.reduce((sum, w) => sum + w * w, 0) / values.length;
      // 2 / inputs, within five standard errors of a variance.
      expect(Math.abs((meanSquare * kernel.shape[0]) / 2 - 1)).toBeLessThan(5 * Math.sqrt(2 / values.length));
      expect(bias.dataSync().every((b) => b === 0)).toBe(true);
    }
    expect(codebooks.map(({ shape }) => shape)).toEqual([[3, 40], [3, 40]]); // prettier-ignore
    expect(codebooks.every((codebook) => codebook.dataSync().every((value) => value === 0))).toBe(true);
  });

  it('mirrors the encoder in the decoder and repeats under one seed', () => {
    const widths = (seed: number) => createRqvae({ ...CONFIG, hidden: [6, 4] }, F, seed);
    const a = widths(1);
    expect(a.encoder.map(({ kernel }) => kernel.shape)).toEqual([[3, 6], [6, 4], [4, 2]]); // prettier-ignore
    expect(a.decoder.map(({ kernel }) => kernel.shape)).toEqual([[2, 4], [4, 6], [6, 3]]); // prettier-ignore
    expect(a.encoder[0].kernel.arraySync()).toEqual(widths(1).encoder[0].kernel.arraySync());
    expect(a.encoder[0].kernel.arraySync()).not.toEqual(widths(2).encoder[0].kernel.arraySync());
  });
});
