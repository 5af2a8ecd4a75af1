/**
 * Rules for operations that read a whole axis: sums, means, extremes and products of its numbers, which drop the axis; and softmax,
 * running sums and RMS norm, whose results have the shape of their input.
 */
import * as tf from '@tensorflow/tfjs-core';

import type { Tracer, Traced, Rule, Rules } from '../tracer';

export const REDUCTION_RULES: Rules = {
  Sum: reduction('ReduceSum'),
  Mean: reduction('ReduceMean'),
  Max: reduction('ReduceMax'),
  Min: reduction('ReduceMin'),
  Prod: reduction('ReduceProd'),
  All: logicalReduction('ReduceMin'),
  Any: logicalReduction('ReduceMax'),
  Softmax: (tracer, { logits }, { dim }: tf.SoftmaxAttrs) => alongAxis(tracer, 'Softmax', logits, dim),
  LogSoftmax: (tracer, { logits }, { axis }: tf.LogSoftmaxAttrs) => alongAxis(tracer, 'LogSoftmax', logits, axis),
  Cumsum: cumulativeSum,
  // This kernel is not tfjs's own; models/seq2seq uses it if the backend has it.
  RmsNorm: rmsNorm,
};

interface ReductionAttributes {
  readonly axis?: number | number[];
  readonly reductionIndices?: number | number[];
  readonly keepDims: boolean;
}

function reduction(op: string): Rule {
  return (tracer, { x }, attributes: ReductionAttributes) => reduce(tracer, op, x, attributes);
}

/** The runtime reduces no booleans. */
function logicalReduction(op: string): Rule {
  return (tracer, { x }, attributes: ReductionAttributes) =>
    tracer.cast(reduce(tracer, op, tracer.cast(x, 'int32'), attributes), 'bool');
}

function reduce(tracer: Tracer, op: string, x: Traced, attributes: ReductionAttributes): Traced {
  const { keepDims } = attributes;
  // tfjs has another name for the axes of its minimum and maximum.
  const axes = tf.util.parseAxisParam((attributes.axis ?? attributes.reductionIndices)!, [...x.shape]);
  if (axes.length === 0) return x;
  const kept = x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  const shape = keepDims ? kept : x.shape.filter((_extent, axis) => !axes.includes(axis));
  return tracer.node(op, [tracer.whole(x), tracer.int64s(axes)], x.dtype, shape, { keepdims: Number(keepDims) });
}

function alongAxis(tracer: Tracer, op: string, x: Traced, axis: number): Traced {
  return tracer.node(op, [tracer.whole(x)], x.dtype, x.shape, { axis });
}

function cumulativeSum(tracer: Tracer, { x }: Record<string, Traced>, attributes: tf.CumsumAttrs): Traced {
  const { axis, exclusive, reverse } = attributes;
  const flags = { exclusive: Number(exclusive), reverse: Number(reverse) };
  return tracer.node('CumSum', [tracer.whole(x), tracer.scalar(axis, 'int32').value], x.dtype, x.shape, flags);
}

/** @returns The rows scaled to root mean square 1, times the gain; and the factor of each row. */
function rmsNorm(tracer: Tracer, { x, gain }: Record<string, Traced>, { epsilon }: { epsilon: number }): Traced[] {
  const rows = tracer.rows(x);
  const outputs = [rows.shape, rows.shape.with(-1, 1)].map((shape) => ({ type: 'float32', shape }) as const);
  const attributes = { axis: -1, epsilon: { float: epsilon } };
  const inputs = [tracer.whole(rows), tracer.whole(gain)];
  const values = tracer.graph.nodes('SimplifiedLayerNormalization', inputs, outputs, attributes);
  return [x.shape, x.shape.with(-1, 1)].map((shape, i) =>
    tracer.reshape({ value: values[i], shape: values[i].shape, dtype: 'float32' }, shape),
  );
}
