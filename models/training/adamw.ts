/** Adam with decoupled weight decay, in plain tensor operations, so that a whole step can be traced. */
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';

export const BETA1 = 0.9;
export const BETA2 = 0.999;
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
   * @param gradients - One per variable, in the order of the variables.
   * @param learningRate - A tensor, so that it is an input of the compiled step; a number would be frozen into it. So is `step`.
   * @param step - Counts from 1.
   * @returns The norm of all gradients together, before clipping.
   */
  update(gradients: readonly Tensor[], learningRate: Scalar, step: Scalar): Scalar;
  /** First and second moment of each variable: state that a resumed training needs. */
  readonly variables: readonly Variable[];
  /** @returns The first and second moment of one of the variables. */
  momentsOf(variable: Variable): readonly [Variable, Variable];
}

/**
 * Makes the optimiser and its moments. The moments are variables from the start, so that a traced step has them as inputs.
 *
 * Source: Loshchilov & Hutter (2019), algorithm 2.
 */
export function createAdamW(variables: readonly Variable[], { weightDecay, clipNorm }: AdamWOptions): AdamW {
  const zeros = (variable: Variable) => tf.variable(tf.zeros(variable.shape), false);
  const slots = variables.map((variable) => ({ variable, first: zeros(variable), second: zeros(variable) }));
  const update = (gradients: readonly Tensor[], learningRate: Scalar, step: Scalar) => {
    const norm = globalNorm(gradients);
    const rates = stepRates(learningRate, step, clipNorm === undefined ? null : clipScale(norm, clipNorm));
    const keep = tf.sub(1, tf.mul(learningRate, weightDecay));
    slots.forEach((slot, i) => move(slot, gradients[i], rates, slot.variable.rank >= 2 ? keep : null));
    return norm;
  };
  const momentsOf = (variable: Variable) => {
    const { first, second } = slots.find((slot) => slot.variable === variable)!;
    return [first, second] as const;
  };
  return { update, variables: slots.flatMap(({ first, second }) => [first, second]), momentsOf };
}

interface Slot {
  readonly variable: Variable;
  readonly first: Variable;
  readonly second: Variable;
}

interface StepRates {
  /** Factor that clips the gradients; null: they are not clipped. */
  readonly scale: Tensor | null;
  /** Learning rate and ε, corrected for the factors that the moments leave out. */
  readonly size: Tensor;
  readonly epsilon: Tensor;
}

/**
 * The moments are kept as plain sums, Σ βᵏg and Σ βᵏg², without their factors 1−β. Those factors, and the correction for sums that
 * began at 0, are applied here to scalars: this saves two passes over every parameter.
 */
function stepRates(learningRate: Scalar, step: Scalar, scale: Tensor | null): StepRates {
  const first = tf.div(1 - BETA1, tf.sub(1, tf.pow(BETA1, step)));
  const second = tf.sqrt(tf.div(tf.sub(1, tf.pow(BETA2, step)), 1 - BETA2));
  return { scale, size: tf.mul(learningRate, tf.mul(first, second)), epsilon: tf.mul(EPSILON, second) };
}

/** @returns The same as numbers, for rows that are moved outside of a compiled step. */
export function stepFactors(learningRate: number, step: number): { readonly size: number; readonly epsilon: number } {
  const first = (1 - BETA1) / (1 - BETA1 ** step);
  const second = Math.sqrt((1 - BETA2 ** step) / (1 - BETA2));
  return { size: learningRate * first * second, epsilon: EPSILON * second };
}

/** M ← β₁M + g; V ← β₂V + g²; w ← keep·w − size·M / (√V + ε). */
function move({ variable, first, second }: Slot, gradient: Tensor, rates: StepRates, keep: Tensor | null): void {
  const g = rates.scale === null ? gradient : tf.mul(gradient, rates.scale);
  const m = tf.add(tf.mul(BETA1, first), g);
  const v = tf.add(tf.mul(BETA2, second), tf.square(g));
  const change = tf.div(tf.mul(m, rates.size), tf.add(tf.sqrt(v), rates.epsilon));
  const kept = keep === null ? variable : tf.mul(variable, keep);
  first.assign(m);
  second.assign(v);
  variable.assign(tf.sub(kept, change));
}

function globalNorm(gradients: readonly Tensor[]): Scalar {
  const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)));
  return tf.sqrt(squares.reduce((total, square) => tf.add(total, square))) as Scalar;
}

/** 1 where the norm is small enough. */
function clipScale(norm: Scalar, clipNorm: number): Tensor {
  return tf.minimum(1, tf.div(clipNorm, tf.add(norm, EPSILON)));
}
