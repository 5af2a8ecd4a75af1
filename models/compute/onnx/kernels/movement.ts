/**
 * Rules for operations that compute no new numbers: they reshape a tensor, permute its axes, join, split, cut, pad or repeat it; or
 * they make one from a formula, such as a range.
 */
import * as tf from '@tensorflow/tfjs-core';

import { rowRange } from '../../../math/rows';
import {
  type Tracer,
  broadcast,
  isSame,
  sizeOf,
  type Traced,
  type TracedType,
  wholeConstant,
  type RuleInputs,
  type Rules,
} from '../tracer';

/** For the runtime an end may lie behind the last number. */
const TO_THE_END = 2 ** 31 - 1;

export const MOVEMENT_RULES: Rules = {
  Reshape: (tracer, { x }, { shape }: tf.ReshapeAttrs) => tracer.reshape(x, inferShape(x, shape)),
  ExpandDims: (tracer, { input }, { dim }: tf.ExpandDimsAttrs) => tracer.reshape(input, expandShape(input.shape, dim)),
  Transpose: (tracer, { x }, { perm }: tf.TransposeAttrs) => tracer.transpose(x, perm),
  Concat: (tracer, inputs, { axis }: tf.ConcatAttrs) => concat(tracer, Object.values(inputs), axis),
  Pack: pack,
  Unpack: unpack,
  Slice: slice,
  PadV2: pad,
  Tile: tile,
  Fill: (tracer, _inputs, { shape, value, dtype }: tf.FillAttrs) => ({
    ...tracer.scalar(value as number, dtype as TracedType),
    shape,
  }),
  Range: range,
};

function inferShape(x: Traced, shape: readonly number[]): number[] {
  return tf.util.inferFromImplicitShape([...shape], sizeOf(x.shape));
}

function expandShape(shape: readonly number[], dim: number): number[] {
  const axis = dim < 0 ? shape.length + 1 + dim : dim;
  return [...shape.slice(0, axis), 1, ...shape.slice(axis)];
}

function concat(tracer: Tracer, inputs: readonly Traced[], axis: number): Traced {
  const shape = [...inputs[0].shape];
  const [at] = tf.util.parseAxisParam(axis, shape);
  shape[at] = inputs.reduce((extent, input) => extent + input.shape[at], 0);
  const filled = inputs.filter((input) => sizeOf(input.shape) > 0);
  if (filled.length === 1) return filled[0];
  return joinConstants(tracer, filled, at, shape) ?? tracer.concat(filled, at, shape);
}

/**
 * The runtime would keep the parts beside what it joins, and large tables are joined so. What becomes 8 bits is read from the parts.
 *
 * @returns Null where a part is no constant.
 */
function joinConstants(
  tracer: Tracer,
  parts: readonly Traced[],
  axis: number,
  shape: readonly number[],
): Traced | null {
  if (tracer.hasEightBits) return null;
  const tables = parts.map((part) => wholeConstant(part));
  if (!tables.every((table) => table instanceof Float32Array)) return null;
  const strides = parts.map((part) => sizeOf(part.shape.slice(axis)));
  const joined = new Float32Array(sizeOf(shape));
  for (let row = 0, end = 0; end < joined.length; row++) {
    tables.forEach((table, i) => {
      joined.set(table.subarray(row * strides[i], (row + 1) * strides[i]), end);
      end += strides[i];
    });
  }
  return tracer.constant(joined, shape, parts[0].dtype);
}

function pack(tracer: Tracer, inputs: RuleInputs, { axis }: tf.PackAttrs): Traced {
  const layers = Object.values(inputs).map((input) => tracer.reshape(input, expandShape(input.shape, axis)));
  return concat(tracer, layers, axis);
}

function unpack(tracer: Tracer, { value }: RuleInputs, { axis }: tf.UnpackAttrs): Traced[] {
  const [at] = tf.util.parseAxisParam(axis, [...value.shape]);
  const [layers, next] = value.shape.slice(at);
  const shape = value.shape.toSpliced(at, 1);
  if (next === undefined || tracer.partsOf(value, at)) {
    return split(tracer, value, Array<number>(layers).fill(1), at).map((layer) => tracer.reshape(layer, shape));
  }
  // The layers are concatenated along the next axis: so none of them needs a reshape.
  const row = tracer.reshape(value, shape.with(at, layers * next));
  return split(tracer, row, Array<number>(layers).fill(next), at);
}

function split(tracer: Tracer, x: Traced, sizes: readonly number[], axis: number): Traced[] {
  if (sizes.length === 1) return [x];
  const parts = tracer.partsOf(x, axis) ?? [];
  const extents = parts.map(({ shape }) => shape[axis]);
  if (isSame(extents, sizes)) return [...parts];
  const outputs = sizes.map((size) => ({ type: x.dtype, shape: x.shape.with(axis, size) }));
  const values = tracer.graph.nodes('Split', [tracer.whole(x), tracer.int64s(sizes)], outputs, { axis });
  return values.map((value) => ({ value, shape: value.shape, dtype: x.dtype }));
}

function slice(tracer: Tracer, { x }: RuleInputs, { begin, size }: tf.SliceAttrs): Traced {
  const [starts, extents] = tf.slice_util.parseSliceParams({ shape: [...x.shape] } as tf.Tensor, begin, size);
  const axes = starts.map((_start, axis) => axis).filter((axis) => extents[axis] !== x.shape[axis]);
  if (axes.length === 0) return x;
  const isOfRows = isSame(axes, [0]);
  if (x.value.rows && isOfRows) return tracer.stored(rowRange(x.value.rows, starts[0], extents[0]), extents);
  const constant = isOfRows ? wholeConstant(x) : null;
  if (constant) {
    // The runtime would make a copy, and large tables are sliced so.
    const width = sizeOf(extents.slice(1));
    return tracer.constant(constant.subarray(starts[0] * width, (starts[0] + extents[0]) * width), extents, x.dtype);
  }
  const cuts = axes.map((axis) => cutOf(tracer, x.shape[axis], starts[axis], extents[axis]));
  const bounds = [cuts.map(([start]) => start), cuts.map(([, end]) => end), axes];
  const inputs = [tracer.whole(x), ...bounds.map((bound) => tracer.int64s(bound))];
  return tracer.node('Slice', inputs, x.dtype, extents);
}

/** A slice of a free extent that ends where that ends is counted from there. */
function cutOf({ isFree }: Tracer, extent: number, start: number, size: number): [start: number, end: number] {
  return isFree(extent) && start + size === extent ? [-size, TO_THE_END] : [start, start + size];
}

function pad(tracer: Tracer, { x }: RuleInputs, { paddings, constantValue }: tf.PadV2Attrs): Traced {
  if (paddings.every(([before, after]) => before === 0 && after === 0)) return x;
  const pads = [...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)];
  const shape = x.shape.map((extent, axis) => extent + paddings[axis][0] + paddings[axis][1]);
  const inputs = [tracer.whole(x), tracer.int64s(pads), tracer.scalar(constantValue, x.dtype).value];
  return tracer.node('Pad', inputs, x.dtype, shape);
}

function tile(tracer: Tracer, { x }: RuleInputs, { reps }: tf.TileAttrs): Traced {
  const shape = x.shape.map((extent, axis) => extent * reps[axis]);
  const isBroadcast = x.shape.every((extent, axis) => extent === 1 || reps[axis] === 1);
  if (isBroadcast) return { ...x, shape: broadcast([{ shape }, x]) };
  return tracer.node('Tile', [tracer.whole(x), tracer.int64s(reps)], x.dtype, shape);
}

/** With a step of 1 the range counts down when the stop is below the start, as in tfjs. */
function range(tracer: Tracer, _inputs: RuleInputs, { start, stop, step, dtype }: tf.RangeAttrs): Traced {
  const stride = stop < start && step === 1 ? -1 : step;
  const length = Math.max(0, Math.ceil((stop - start) / stride));
  const values = Float32Array.from({ length }, (_value, index) => start + index * stride);
  return tracer.constant(values, [length], dtype);
}
