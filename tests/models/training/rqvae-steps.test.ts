import * as tf from '@tensorflow/tfjs';

import { presetConfig } from '../../../models/config';
import { createRandom } from '../../../models/math/random';
import { assignCodes } from '../../../models/semantic-id/quantizer';
import { createRqvae, encode, networkVariables, rqvaeLoss, type RqvaeParams } from '../../../models/semantic-id/rqvae';
import { createRqvaeOptimisers, rqvaeStep, warmUpStep } from '../../../models/training/rqvae-steps';

const FEATURES = 4;
const CONFIG = { ...presetConfig('tiny').tokenizer, numLevels: 2, codebookSize: 3, latentSize: 2, hidden: [5] };
const RATE = 0.01;

const random = createRandom(8);
const normals = (...shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal()),
    shape,
  );
const x = normals(6, FEATURES) as tf.Tensor2D;
const inputs = (step: number) => ({
  x,
  learningRate: tf.scalar(RATE),
  step: tf.scalar(step),
  codebookStep: tf.scalar(step),
});

function makeRqvae(): RqvaeParams {
  const params = createRqvae(CONFIG, FEATURES, 3);
  const own = createRandom(9);
  for (const codebook of params.codebooks)
    codebook.assign(
      tf.tensor2d(
        Float32Array.from({ length: 6 }, () => own.normal()),
        [3, 2],
      ),
    );
  return params;
}
const valuesOf = (variables: readonly tf.Variable[]) => variables.flatMap((variable) => [...variable.dataSync()]);

describe('warmUpStep', () => {
  it('moves encoder and decoder against the gradient, and leaves the codebooks', () => {
    const params = makeRqvae();
    const optimisers = createRqvaeOptimisers(params, 0);
    const [network, codebooks] = [valuesOf(networkVariables(params)), valuesOf(params.codebooks)];
    const first = warmUpStep(params, optimisers, inputs(1)).loss.dataSync()[0];
    // Adam's first step is the learning rate long in every coordinate that has a gradient.
    const moved = valuesOf(networkVariables(params)).map((value, i) => Math.abs(value - network[i]));
    for (const length of moved.filter((length) => length > 1e-6)) expect(length).toBeCloseTo(RATE, 4);
    expect(moved.filter((length) => length > 1e-6).length).toBeGreaterThan(moved.length / 2);
    expect(valuesOf(params.codebooks)).toEqual(codebooks);
    let last = first;
    for (let step = 2; step <= 50; step++) [last] = warmUpStep(params, optimisers, inputs(step)).loss.dataSync();
    expect(last).toBeLessThan(first);
  });
});

describe('rqvaeStep', () => {
  it('gives the loss before the step, with the codes that were nearest then', () => {
    const params = makeRqvae();
    const codes = assignCodes(encode(params, x), params.codebooks);
    const [expected] = rqvaeLoss(params, x, codes, 0.25).dataSync();
    const outputs = rqvaeStep(params, createRqvaeOptimisers(params, 0), 0.25, inputs(1));
    expect(outputs.codes.arraySync()).toEqual(codes.arraySync());
    expect(outputs.loss.dataSync()[0]).toBeCloseTo(expected, 5);
  });

  it('moves network and codebooks, but no code that was not chosen', () => {
    const params = makeRqvae();
    const codes = assignCodes(encode(params, x), params.codebooks).arraySync() as number[][];
    const before = params.codebooks.map((codebook) => codebook.arraySync() as number[][]);
    const network = valuesOf(networkVariables(params));
    rqvaeStep(params, createRqvaeOptimisers(params, 0), 0.25, inputs(1));
    expect(valuesOf(networkVariables(params))).not.toEqual(network);
    params.codebooks.forEach((codebook, level) => {
      const used = new Set(codes.map((row) => row[level]));
      (codebook.arraySync() as number[][]).forEach((vector, code) => {
        if (used.has(code)) expect(vector).not.toEqual(before[level][code]);
        else expect(vector).toEqual(before[level][code]);
      });
    });
  });
});
