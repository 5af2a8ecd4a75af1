/** Rules for operations that read a whole axis: sums, means and maxima, which drop it; softmax and RMS norm, which keep it. */
import * as tf from '@tensorflow/tfjs-core';

import type { Tracer, Traced, Rule, Rules } from '../tracer';

export const REDUCTION_RULES: Rules = {
  Sum: reduction('ReduceSum'),
  Mean: reduction('ReduceMean'),
  Max: reduction('ReduceMax'),
  Softmax: (tracer, { logits }, { dim }: tf.SoftmaxAttrs) =>
    tracer.node('Softmax', [tracer.whole(logits)], logits.dtype, logits.shape, { axis: dim }),
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

function reduce(tracer: Tracer, op: string, x: Traced, attributes: ReductionAttributes): Traced {
  const { keepDims } = attributes;
  // tfjs has another name for the axes of its maximum.
  const axes = tf.util.parseAxisParam((attributes.axis ?? attributes.reductionIndices)!, [...x.shape]);
  if (axes.length === 0) return x;
  const kept = x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  const shape = keepDims ? kept : x.shape.filter((_extent, axis) => !axes.includes(axis));
  return tracer.node(op, [tracer.whole(x), tracer.int64s(axes)], x.dtype, shape, { keepdims: Number(keepDims) });
}

/** @returns The rows scaled to root mean square 1, times the gain; and the factor of each row. */
function rmsNorm(tracer: Tracer, { x, gain }: Record<string, Traced>, { epsilon }: { epsilon: number }): Traced[] {
  const rows = tracer.rows(x);
  const outputs = [rows.shape, rows.shape.with(-1, 1)].map((shape) => ({ type: 'float32', shape }) as const);
  const attributes = { axis: -1, epsilon: { float: epsilon } };
  const inputs = [tracer.whole(rows), tracer.whole(gain)];
  const values = tracer.graph.nodes('SimplifiedLayerNormalization', inputs, outputs, attributes);
  const sizes = gain.value.constant;
  if (sizes instanceof Float32Array) tracer.sizes.set(values[0].name, sizes);
  return [x.shape, x.shape.with(-1, 1)].map((shape, i) =>
    tracer.reshape({ value: values[i], shape: values[i].shape, dtype: 'float32' }, shape),
  );
}
