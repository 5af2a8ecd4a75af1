/**
 * Rules for operations that compute each number from the numbers at its place: y = f(x), such as exp(x), or y = f(a, b), such as a + b.
 * Operands of different shapes broadcast. What would change nothing, such as + 0, adds no node.
 */
import type * as tf from '@tensorflow/tfjs-core';

import { type Tracer, broadcast, uniformOf, type Traced, type TracedType, type Rule, type Rules } from '../tracer';

export const ELEMENTWISE_RULES: Rules = {
  Exp: unary('Exp'),
  Log: unary('Log'),
  Neg: (tracer, { x }) => tracer.scale(x, -1),
  Relu: unary('Relu'),
  Sqrt: unary('Sqrt'),
  Square: (tracer, { x }) => tracer.elementwise('Mul', [x, x], x.dtype),
  Step: step,
  Tanh: unary('Tanh'),

  Add: (tracer, { a, b }) => add(tracer, a, b),
  AddN: (tracer, inputs) => Object.values(inputs).reduce((sum, input) => add(tracer, sum, input)),
  Sub: subtract,
  Multiply: (tracer, { a, b }) => multiply(tracer, a, b),
  RealDiv: divide,
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  Pow: binary('Pow'),

  GreaterEqual: comparison('GreaterOrEqual'),
  LessEqual: comparison('LessOrEqual'),

  Cast: (tracer, { x }, { dtype }: tf.CastAttrs) => tracer.cast(x, dtype as TracedType),
  Identity: (_tracer, { x }) => x,
  ZerosLike: (tracer, { x }) => ({ ...tracer.scalar(0, x.dtype), shape: x.shape }),
};

/** Its product with the smallest normal float32, 2^-126, is more than 1. */
const STEEPEST = 3e38;

function unary(op: string): Rule {
  return (tracer, { x }) => tracer.elementwise(op, [x], x.dtype);
}

function binary(op: string): Rule {
  return (tracer, { a, b }) => tracer.elementwise(op, [a, b], a.dtype);
}

function comparison(op: string): Rule {
  return (tracer, { a, b }) => tracer.elementwise(op, [a, b], 'bool');
}

/** Returns x when the operation would not change it: gradients multiply by ones and add zeros, and each would cost a pass over memory. */
function unchanged(x: Traced, other: Traced): Traced {
  return { ...x, shape: broadcast([x, other]) };
}

function add(tracer: Tracer, a: Traced, b: Traced): Traced {
  if (uniformOf(a) === 0) return unchanged(b, a);
  if (uniformOf(b) === 0) return unchanged(a, b);
  return tracer.elementwise('Add', [a, b], a.dtype);
}

function subtract(tracer: Tracer, { a, b }: Record<string, Traced>): Traced {
  if (uniformOf(b) === 0) return unchanged(a, b);
  return tracer.elementwise('Sub', [a, b], a.dtype);
}

function multiply(tracer: Tracer, a: Traced, b: Traced): Traced {
  const factors = [uniformOf(a), uniformOf(b)];
  if (factors[0] !== null) return { ...tracer.scale(b, factors[0]), shape: broadcast([a, b]) };
  if (factors[1] !== null) return { ...tracer.scale(a, factors[1]), shape: broadcast([a, b]) };
  return tracer.elementwise('Mul', [a, b], a.dtype);
}

function divide(tracer: Tracer, { a, b }: Record<string, Traced>): Traced {
  const [dividend, divisor] = [uniformOf(a), uniformOf(b)];
  if (divisor === 1) return unchanged(a, b);
  if (dividend !== null && divisor !== null && a.dtype === 'float32') {
    return { ...tracer.scalar(dividend / divisor, 'float32'), shape: broadcast([a, b]) };
  }
  return tracer.elementwise('Div', [a, b], a.dtype);
}

/**
 * 1 where x > 0, else 0: the gradient of relu.
 *
 * It is a line clipped to 0 … 1, and so steep that every positive normal number gives 1: one pass over memory, on all threads. A comparison
 * and a cast would be two passes, the second on one thread. When the graph has relu(x), the line reads that in place of x: if nothing else
 * reads x, the runtime makes one operation of a product and its relu.
 */
function step(tracer: Tracer, { x }: Record<string, Traced>): Traced {
  const rectified = tracer.graph.find('Relu', [x.value]);
  const signed = rectified === null ? x : { ...x, value: rectified };
  return tracer.elementwise('HardSigmoid', [signed], 'float32', { alpha: { float: STEEPEST }, beta: { float: 0 } });
}
