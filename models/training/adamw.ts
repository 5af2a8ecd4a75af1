/** Adam with decoupled weight decay, in plain tensor operations, so that a step can be traced whole. */
import * as tf from '@tensorflow/tfjs';
import type { NamedTensorMap, Scalar, Tensor, Variable } from '@tensorflow/tfjs';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

export interface AdamWOptions {
  /** Pulls kernels and tables towards 0; vectors such as biases and norms are left alone. */
  readonly weightDecay: number;
  /** Gradients are scaled down to this global norm; absent: not at all. */
  readonly clipNorm?: number;
}

export interface AdamW {
  /**
   * Moves the variables one step.
   *
   * @param gradients - By variable name, as `tf.variableGrads` gives them.
   * @param learningRate - An input of the compiled step, since a number would be frozen into it; so is `step`.
   * @param step - Counts from 1.
   * @returns Norm of all gradients together, before clipping.
   * @throws {Error} When a variable has no gradient.
   */
  update(gradients: NamedTensorMap, learningRate: Scalar, step: Scalar): Scalar;
  /** First and second moments, a pair a variable in the order given: state that a resumed training needs. */
  readonly moments: readonly Variable[];
}

/**
 * Makes the optimiser and its moments, which are variables from the start so that a traced step has them as inputs.
 *
 * Source: Loshchilov & Hutter (2019), algorithm 2; the bias corrections are folded into the step size and ε.
 */
export function createAdamW(variables: readonly Variable[], { weightDecay, clipNorm }: AdamWOptions): AdamW {
  const zeros = (variable: Variable) => tf.variable(tf.zeros(variable.shape), false);
  const slots = variables.map((variable) => ({ variable, first: zeros(variable), second: zeros(variable) }));
  const update = (gradients: NamedTensorMap, learningRate: Scalar, step: Scalar) => {
    const ordered = variables.map((variable) => gradientOf(variable, gradients));
    const norm = globalNorm(ordered);
    const scale = clipNorm === undefined ? tf.scalar(1) : tf.minimum(1, tf.div(clipNorm, tf.add(norm, EPSILON)));
    const rates = stepRates(learningRate, step, scale as Scalar);
    const keep = tf.sub(1, tf.mul(learningRate, weightDecay));
    slots.forEach((slot, i) => move(slot, ordered[i], rates, slot.variable.rank >= 2 ? keep : null));
    return norm;
  };
  return { update, moments: slots.flatMap(({ first, second }) => [first, second]) };
}

interface Slot {
  readonly variable: Variable;
  readonly first: Variable;
  readonly second: Variable;
}

interface StepRates {
  /** (1 − β₁) · clipping, and (1 − β₂) · clipping²: clipping costs no pass over the gradients. */
  readonly firstShare: Tensor;
  readonly secondShare: Tensor;
  /** Learning rate and ε, both corrected for moments that began at 0. */
  readonly size: Tensor;
  readonly epsilon: Tensor;
}

function stepRates(learningRate: Scalar, step: Scalar, scale: Scalar): StepRates {
  const firstCorrection = tf.sub(1, tf.pow(BETA1, step));
  const secondCorrection = tf.sqrt(tf.sub(1, tf.pow(BETA2, step)));
  return {
    firstShare: tf.mul(1 - BETA1, scale),
    secondShare: tf.mul(1 - BETA2, tf.square(scale)),
    size: tf.div(tf.mul(learningRate, secondCorrection), firstCorrection),
    epsilon: tf.mul(EPSILON, secondCorrection),
  };
}

/** m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; w ← keep·w − size·m / (√v + ε). */
function move({ variable, first, second }: Slot, gradient: Tensor, rates: StepRates, keep: Tensor | null): void {
  const m = tf.add(tf.mul(BETA1, first), tf.mul(gradient, rates.firstShare));
  const v = tf.add(tf.mul(BETA2, second), tf.mul(tf.square(gradient), rates.secondShare));
  const change = tf.div(tf.mul(m, rates.size), tf.add(tf.sqrt(v), rates.epsilon));
  const kept = keep === null ? variable : tf.mul(variable, keep);
  first.assign(m);
  second.assign(v);
  variable.assign(tf.sub(kept, change));
}

function globalNorm(gradients: readonly Tensor[]): Scalar {
  const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)));
  return tf.sqrt(squares.reduce((total, square) => tf.add(total, square)));
}

function gradientOf(variable: Variable, gradients: NamedTensorMap): Tensor {
  const gradient = gradients[variable.name];
  if (gradient === undefined) throw new Error(`gradients: expected one for ${variable.name}, got none`);
  return gradient;
}
