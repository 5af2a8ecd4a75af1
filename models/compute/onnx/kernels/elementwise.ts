/**
 * Rules for operations that compute each number from the numbers at its place: y = f(x), such as exp(x), or y = f(a, b), such as a + b.
 * Operands of different shapes broadcast. What would change nothing, such as + 0, adds no node.
 */
import type * as tf from '@tensorflow/tfjs-core';

import { type Tracer, broadcast, uniformOf, type Traced, type TracedType, type Rule, type Rules } from '../tracer';

export const ELEMENTWISE_RULES: Rules = {
  Abs: unary('Abs'),
  Ceil: unary('Ceil'),
  Cos: unary('Cos'),
  Erf: unary('Erf'),
  Exp: unary('Exp'),
  Floor: unary('Floor'),
  IsNan: (tracer, { x }) => tracer.elementwise('IsNaN', [x], 'bool'),
  Log: unary('Log'),
  LogicalNot: unary('Not'),
  Neg: (tracer, { x }) => tracer.scale(x, -1),
  Reciprocal: unary('Reciprocal'),
  Relu: unary('Relu'),
  Round: unary('Round'),
  Sigmoid: unary('Sigmoid'),
  Sign: unary('Sign'),
  Sin: unary('Sin'),
  Softplus: unary('Softplus'),
  Sqrt: unary('Sqrt'),
  Tanh: unary('Tanh'),
  Square: (tracer, { x }) => tracer.elementwise('Mul', [x, x], x.dtype),
  Rsqrt: (tracer, { x }) => tracer.elementwise('Reciprocal', [tracer.elementwise('Sqrt', [x], x.dtype)], x.dtype),
  Log1p: (tracer, { x }) => tracer.elementwise('Log', [add(tracer, x, tracer.scalar(1, x.dtype))], x.dtype),
  Step: step,
  ClipByValue: clip,

  Add: (tracer, { a, b }) => add(tracer, a, b),
  AddN: (tracer, inputs) => Object.values(inputs).reduce((sum, input) => add(tracer, sum, input)),
  Sub: subtract,
  Multiply: (tracer, { a, b }) => multiply(tracer, a, b),
  RealDiv: divide,
  FloorDiv: floorDivide,
  Mod: modulo,
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  Pow: power,
  SquaredDifference: squaredDifference,

  Equal: comparison('Equal'),
  NotEqual: (tracer, { a, b }) => not(tracer, tracer.elementwise('Equal', [a, b], 'bool')),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  LogicalAnd: comparison('And'),
  LogicalOr: comparison('Or'),
  Select: select,

  Cast: (tracer, { x }, { dtype }: tf.CastAttrs) => tracer.cast(x, dtype as TracedType),
  Identity: (_tracer, { x }) => x,
  ZerosLike: (tracer, { x }) => ({ ...tracer.scalar(0, x.dtype), shape: x.shape }),
  OnesLike: (tracer, { x }) => ({ ...tracer.scalar(1, x.dtype), shape: x.shape }),
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

function floorDivide(tracer: Tracer, { a, b }: Record<string, Traced>): Traced {
  if (a.dtype !== 'int32') {
    return tracer.cast(tracer.elementwise('Floor', [tracer.elementwise('Div', [a, b], a.dtype)], a.dtype), 'int32');
  }
  // ONNX rounds quotients of whole numbers towards zero. Without the remainder, which has the divisor's sign, nothing is rounded.
  const remainder = tracer.elementwise('Mod', [a, b], 'int32');
  return tracer.elementwise('Div', [tracer.elementwise('Sub', [a, remainder], 'int32'), b], 'int32');
}

function modulo(tracer: Tracer, { a, b }: Record<string, Traced>): Traced {
  if (a.dtype === 'int32') return tracer.elementwise('Mod', [a, b], 'int32');
  // For floats ONNX has only C's remainder, which has the sign of the dividend.
  const remainder = tracer.elementwise('Mod', [a, b], a.dtype, { fmod: 1 });
  const shifted = tracer.elementwise('Add', [remainder, b], a.dtype);
  return tracer.elementwise('Mod', [shifted, b], a.dtype, { fmod: 1 });
}

/** Powers that gradients take (of square, square root and its inverse) need no logarithm. */
function power(tracer: Tracer, { a, b }: Record<string, Traced>): Traced {
  const exponent = a.dtype === 'float32' ? uniformOf(b) : null;
  const base = exponent === null ? a : unchanged(a, b);
  if (exponent === 1) return base;
  if (exponent === 2) return tracer.elementwise('Mul', [base, base], a.dtype);
  if (exponent === 0.5) return tracer.elementwise('Sqrt', [base], a.dtype);
  if (exponent === 1.5) return tracer.elementwise('Mul', [base, tracer.elementwise('Sqrt', [base], a.dtype)], a.dtype);
  return tracer.elementwise('Pow', [a, b], a.dtype);
}

function squaredDifference(tracer: Tracer, { a, b }: Record<string, Traced>): Traced {
  const difference = tracer.elementwise('Sub', [a, b], a.dtype);
  return tracer.elementwise('Mul', [difference, difference], a.dtype);
}

/**
 * 1 where x > 0, else alpha.
 *
 * The usual case is the gradient of relu. It is a line clipped to 0 … 1, and so steep that every positive normal number gives 1:
 * one pass over memory, on all threads. A comparison and a cast would be two passes, the second on one thread. When the graph has
 * relu(x), the line reads that in place of x: if nothing else reads x, the runtime makes one operation of a product and its relu.
 */
function step(tracer: Tracer, { x }: Record<string, Traced>, { alpha }: tf.StepAttrs): Traced {
  if (alpha === 0 && x.dtype === 'float32') {
    const rectified = tracer.graph.find('Relu', [x.value]);
    const signed = rectified === null ? x : { ...x, value: rectified };
    return tracer.elementwise('HardSigmoid', [signed], 'float32', { alpha: { float: STEEPEST }, beta: { float: 0 } });
  }
  const isPositive = tracer.elementwise('Greater', [x, tracer.scalar(0, x.dtype)], 'bool');
  return tracer.elementwise('Where', [isPositive, tracer.scalar(1, x.dtype), tracer.scalar(alpha, x.dtype)], x.dtype);
}

function clip(tracer: Tracer, { x }: Record<string, Traced>, attributes: tf.ClipByValueAttrs): Traced {
  const { clipValueMin, clipValueMax } = attributes;
  return tracer.elementwise(
    'Clip',
    [x, tracer.scalar(clipValueMin, x.dtype), tracer.scalar(clipValueMax, x.dtype)],
    x.dtype,
  );
}

function not(tracer: Tracer, x: Traced): Traced {
  return tracer.elementwise('Not', [x], 'bool');
}

function select(tracer: Tracer, { condition, t, e }: Record<string, Traced>): Traced {
  return tracer.elementwise('Where', [tracer.cast(condition, 'bool'), t, e], t.dtype);
}
