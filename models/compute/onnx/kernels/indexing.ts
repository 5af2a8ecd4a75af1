/** Operations that pick or place numbers by index. */
import * as tf from '@tensorflow/tfjs';

import { UnsupportedKernelError } from '../../errors';
import { type Traced, type TracedType, type Tracer, sizeOf } from '../tracer';
import { TRACING_BACKEND } from '../tracing-backend';
import type { RuleInputs, Rules } from './rule';

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
  const zeros: Traced = { ...tracer.scalar(0, updates.dtype), shape };
  return scatterAdd(tracer, zeros, indices, updates);
}

/** Segment ids must lie in `0 … numSegments - 1`; tfjs-cpu would drop the others. */
function unsortedSegmentSum(
  tracer: Tracer,
  { x, segmentIds }: RuleInputs,
  attributes: tf.UnsortedSegmentSumAttrs,
): Traced {
  const { numSegments } = attributes;
  const inner = x.shape.slice(segmentIds.shape.length);
  const rows = sizeOf(segmentIds.shape);
  const zeros: Traced = { ...tracer.scalar(0, x.dtype), shape: [numSegments, ...inner] };
  return scatterAdd(tracer, zeros, tracer.reshape(segmentIds, [rows, 1]), tracer.reshape(x, [rows, ...inner]));
}

function scatterAdd(tracer: Tracer, target: Traced, indices: Traced, updates: Traced): Traced {
  const inputs = [tracer.whole(target), int64(tracer, indices), tracer.whole(updates)];
  return tracer.node('ScatterND', inputs, target.dtype, target.shape, { reduction: 'add' });
}

/** Of equal numbers the one with the lower index comes first, as in tfjs. */
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
