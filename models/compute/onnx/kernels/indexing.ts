/**
 * Rules for operations that pick or place numbers by index: gather reads the rows that indices name, a segment sum adds rows at indices,
 * one-hot marks an index with 1, and argmin finds the index of the smallest number.
 */
import * as tf from '@tensorflow/tfjs-core';

import { type Traced, type TracedType, type Tracer, sizeOf, type RuleInputs, type Rules } from '../tracer';

export const INDEXING_RULES: Rules = {
  GatherV2: gather,
  OneHot: oneHot,
  UnsortedSegmentSum: unsortedSegmentSum,
  ArgMin: argMin,
};

/** Indices count from 0; unlike tfjs-cpu, the runtime takes -1 for the last. */
function gather(tracer: Tracer, { x, indices }: RuleInputs, { axis }: tf.GatherV2Attrs): Traced {
  const [at] = tf.util.parseAxisParam(axis, [...x.shape]);
  const shape = [...x.shape.slice(0, at), ...indices.shape, ...x.shape.slice(at + 1)];
  return tracer.node('Gather', [tracer.whole(x), tracer.whole(indices)], x.dtype, shape, { axis: at });
}

function oneHot(tracer: Tracer, { indices }: RuleInputs, { depth, dtype }: tf.OneHotAttrs): Traced {
  const codes = tracer.constant(
    Int32Array.from({ length: depth }, (_value, code) => code),
    [depth],
    'int32',
  );
  const column = tracer.reshape(indices, [...indices.shape, 1]);
  const isOn = tracer.elementwise('Equal', [column, codes], 'bool');
  return tracer.cast(isOn, dtype as TracedType);
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

/** When two numbers are equal, the lower index wins, as in tfjs. */
function argMin(tracer: Tracer, { x }: RuleInputs, { axis }: tf.ArgMinAttrs): Traced {
  const [at] = tf.util.parseAxisParam(axis, [...x.shape]);
  const shape = x.shape.toSpliced(at, 1);
  const indices = tracer.graph.node('ArgMin', [tracer.whole(x)], 'int64', shape, { axis: at, keepdims: 0 });
  return { value: tracer.castValue(indices, 'int32'), shape, dtype: 'int32' };
}
