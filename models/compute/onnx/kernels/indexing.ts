/**
 * Rules for operations that pick or place numbers by index: gather reads the rows that indices name, scatter adds rows at indices, one-hot
 * marks an index with 1, and top-k and argmax find the indices of the largest numbers.
 */
import * as tf from '@tensorflow/tfjs-core';

import { UnsupportedKernelError } from '../../errors';
import { type Traced, type TracedType, type Tracer, sizeOf, type RuleInputs, type Rules } from '../tracer';
import { TRACING_BACKEND } from '../tracing-backend';

export const INDEXING_RULES: Rules = {
  GatherV2: gather,
  GatherNd: gatherNd,
  OneHot: oneHot,
  ScatterNd: scatterNd,
  TopK: topK,
  UnsortedSegmentSum: unsortedSegmentSum,
  ArgMax: (tracer, { x }, { axis }: tf.ArgMaxAttrs) => argument(tracer, 'ArgMax', x, axis),
  ArgMin: (tracer, { x }, { axis }: tf.ArgMinAttrs) => argument(tracer, 'ArgMin', x, axis),
};

/** Indices count from 0; unlike tfjs-cpu, the runtime takes -1 for the last. */
function gather(tracer: Tracer, { x, indices }: RuleInputs, { axis, batchDims }: tf.GatherV2Attrs): Traced {
  const [at] = tf.util.parseAxisParam(axis, [...x.shape]);
  const shape = [...x.shape.slice(0, at), ...indices.shape.slice(batchDims), ...x.shape.slice(at + 1)];
  if (batchDims === 0)
    return tracer.node('Gather', [tracer.whole(x), tracer.whole(indices)], x.dtype, shape, { axis: at });
  if (batchDims !== at)
    throw new UnsupportedKernelError(`GatherV2 with axis ${at} past batchDims ${batchDims}`, TRACING_BACKEND);
  const tuples = tracer.reshape(indices, [...indices.shape, 1]);
  return tracer.node('GatherND', [tracer.whole(x), int64(tracer, tuples)], x.dtype, shape, { batch_dims: batchDims });
}

function gatherNd(tracer: Tracer, { params, indices }: RuleInputs): Traced {
  const depth = indices.shape[indices.shape.length - 1];
  const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)];
  return tracer.node('GatherND', [tracer.whole(params), int64(tracer, indices)], params.dtype, shape);
}

function oneHot(tracer: Tracer, { indices }: RuleInputs, { depth, onValue, offValue, dtype }: tf.OneHotAttrs): Traced {
  const type = dtype as TracedType;
  const codes = tracer.constant(
    Int32Array.from({ length: depth }, (_value, code) => code),
    [depth],
    'int32',
  );
  const column = tracer.reshape(indices, [...indices.shape, 1]);
  const isOn = tracer.elementwise('Equal', [column, codes], 'bool');
  if (onValue === 1 && offValue === 0) return tracer.cast(isOn, type);
  return tracer.elementwise('Where', [isOn, tracer.scalar(onValue, type), tracer.scalar(offValue, type)], type);
}

function scatterNd(tracer: Tracer, { indices, updates }: RuleInputs, { shape }: tf.ScatterNdAttrs): Traced {
  const depth = indices.shape[indices.shape.length - 1];
  const rows = sizeOf(shape.slice(0, depth));
  const ids = flatIndices(
    tracer,
    tracer.reshape(indices, [sizeOf(indices.shape) / depth, depth]),
    shape.slice(0, depth),
  );
  return tracer.reshape(sumRows(tracer, updates, ids, rows), shape);
}

/** Segment ids must lie in `0 … numSegments - 1`; tfjs-cpu would drop the others. */
function unsortedSegmentSum(
  tracer: Tracer,
  { x, segmentIds }: RuleInputs,
  { numSegments }: tf.UnsortedSegmentSumAttrs,
): Traced {
  const shape = [numSegments, ...x.shape.slice(segmentIds.shape.length)];
  return tracer.reshape(sumRows(tracer, x, segmentIds, numSegments), shape);
}

/** @returns For tuples of indices `[n, depth]` into `shape`, the place of each in row-major order. */
function flatIndices(tracer: Tracer, tuples: Traced, shape: readonly number[]): Traced {
  const strides = shape.map((_extent, axis) => sizeOf(shape.slice(axis + 1)));
  const scaled = tracer.elementwise(
    'Mul',
    [tuples, tracer.constant(Int32Array.from(strides), [strides.length], 'int32')],
    'int32',
  );
  return tracer.node('ReduceSum', [tracer.whole(scaled), tracer.int64s([1])], 'int32', [tuples.shape[0]], {
    keepdims: 0,
  });
}

/**
 * Adds each of n rows of `updates` to the row that its id names.
 *
 * ScatterND takes whole rows, but its threads overwrite each other's sums when ids are equal. ScatterElements takes single numbers;
 * it works on one thread, always in the same order, and is fastest along the last axis.
 */
function sumRows(tracer: Tracer, updates: Traced, ids: Traced, rows: number): Traced {
  const count = sizeOf(ids.shape);
  const width = sizeOf(updates.shape) / count;
  const columns = tracer.transpose(tracer.reshape(updates, [count, width]), [1, 0]);
  const places = { ...tracer.reshape(ids, [1, count]), shape: [width, count] };
  const zeros = { ...tracer.scalar(0, updates.dtype), shape: [width, rows] };
  const inputs = [zeros, places, columns].map((input) => tracer.whole(input));
  const sums = tracer.node('ScatterElements', inputs, updates.dtype, zeros.shape, { axis: 1, reduction: 'add' });
  return tracer.transpose(sums, [1, 0]);
}

/** When two numbers are equal, the one with the lower index comes first, as in tfjs. */
function topK(tracer: Tracer, { x }: RuleInputs, { k }: tf.TopKAttrs): Traced[] {
  const shape = x.shape.with(-1, k);
  const outputs = [{ type: x.dtype, shape }, { type: 'int64', shape } as const];
  const [values, indices] = tracer.graph.nodes('TopK', [tracer.whole(x), tracer.int64s([k])], outputs);
  return [
    { value: values, shape, dtype: x.dtype },
    { value: tracer.castValue(indices, 'int32'), shape, dtype: 'int32' },
  ];
}

function argument(tracer: Tracer, op: string, x: Traced, axis: number): Traced {
  const [at] = tf.util.parseAxisParam(axis, [...x.shape]);
  const shape = x.shape.filter((_extent, index) => index !== at);
  const indices = tracer.graph.node(op, [tracer.whole(x)], 'int64', shape, { axis: at, keepdims: 0 });
  return { value: tracer.castValue(indices, 'int32'), shape, dtype: 'int32' };
}

function int64(tracer: Tracer, indices: Traced) {
  return tracer.castValue(tracer.whole(indices), 'int64');
}
