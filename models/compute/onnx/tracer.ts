/** The values of the graph that is being built, and the operations that most kernel rules need to build it. */
import * as tf from '@tensorflow/tfjs-core';

import { Rows, type RowSource } from '../../math/rows';
import { ShapeError } from '../errors';
import { type Attributes, type ConstantData, ELEMENT_TYPES, Graph, type OnnxType, type OnnxValue } from './graph';

export type TracedType = 'float32' | 'int32' | 'bool';

/**
 * A tensor while a function is traced.
 *
 * `value.shape` may be smaller than `shape` if it broadcasts to it. So a constant of equal numbers is stored as one number, and
 * the gradient of a sum is expanded only when an operation needs all of its numbers.
 */
export interface Traced {
  readonly value: OnnxValue;
  readonly shape: readonly number[];
  readonly dtype: TracedType;
}

/** The value that another one was made from by a reshape or a transpose. */
interface Transposed {
  readonly source: OnnxValue;
  readonly permutation: readonly number[];
}

/** A value that is a multiple of another. */
interface Scaled {
  readonly source: OnnxValue;
  readonly factor: number;
}

/** The parts that a value was concatenated from, and the axis. */
interface Joined {
  readonly axis: number;
  readonly parts: readonly Traced[];
}

export interface TracerOptions {
  readonly freeExtents?: readonly number[];
  readonly hasEightBits?: boolean;
}

export class Tracer {
  readonly graph: Graph;
  /** See `CompileOptions.eightBits`. */
  readonly hasEightBits: boolean;
  /** Root mean square of each column of some values, or of all columns. */
  readonly sizes = new Map<string, Float32Array>();
  private readonly scaled = new Map<string, Scaled>();
  private readonly joined = new Map<string, Joined>();
  private readonly reshaped = new Map<string, OnnxValue>();
  private readonly transposed = new Map<string, Transposed>();
  /** Free extent → the same in a run, int64 `[1]`. */
  private readonly extents = new Map<number, OnnxValue>();

  /** @param freeExtents - See `Graph`. */
  constructor({ freeExtents = [], hasEightBits = false }: TracerOptions = {}) {
    this.graph = new Graph(freeExtents);
    this.hasEightBits = hasEightBits;
  }

  /** See `Graph.isFree`. */
  readonly isFree = (extent: number): boolean => this.graph.isFree(extent);

  input(name: string, type: OnnxType, shape: readonly number[]): OnnxValue {
    const value = this.graph.input(name, type, shape);
    for (const [start, extent] of shape.entries()) {
      if (!this.isFree(extent) || this.extents.has(extent)) continue;
      this.extents.set(extent, this.graph.node('Shape', [value], 'int64', [1], { start, end: start + 1 }));
    }
    return value;
  }

  /** Adds numbers that were made on the host; if all are the same, as one number. */
  constant(values: tf.BackendValues | ConstantData, shape: readonly number[], dtype: tf.DataType): Traced {
    if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
      throw new TypeError(`compile: expected float32, int32 or bool, got ${dtype}`);
    }
    const data = typedArray(values as ArrayLike<number>, dtype);
    const isUniform = data.length > 0 && data.every((value) => Object.is(value, data[0]));
    const value = isUniform
      ? this.graph.constant(dtype, [], data.slice(0, 1))
      : this.graph.constant(dtype, shape, data);
    return { value, shape, dtype };
  }

  /** Adds a constant matrix that is read when the model is made, or never. */
  stored(rows: RowSource, shape: readonly number[]): Traced {
    return { value: this.graph.stored(rows, shape), shape, dtype: 'float32' };
  }

  scalar(value: number, dtype: TracedType): Traced {
    return this.constant(typedArray([value], dtype), [], dtype);
  }

  /** A list of whole numbers, as ONNX wants its shapes, axes and paddings. */
  int64s(values: readonly number[]): OnnxValue {
    return this.graph.constant('int64', [values.length], BigInt64Array.from(values, BigInt));
  }

  /** Adds a node with one output. */
  node(
    op: string,
    inputs: readonly (OnnxValue | null)[],
    dtype: TracedType,
    shape: readonly number[],
    attributes: Attributes = {},
  ): Traced {
    return { value: this.graph.node(op, inputs, dtype, shape, attributes), shape, dtype };
  }

  /** Adds an elementwise node. The runtime broadcasts its operands: they are not expanded before. */
  elementwise(op: string, operands: readonly Traced[], dtype: TracedType, attributes: Attributes = {}): Traced {
    const values = operands.map((operand) => operand.value);
    return { value: this.byNumber(op, values, dtype, attributes), shape: broadcast(operands), dtype };
  }

  /** Multiplies by a known number. Gradients add such factors one by one: a multiple of a multiple becomes one node. */
  scale(x: Traced, factor: number): Traced {
    const known = uniformOf(x);
    if (known !== null) return { ...this.scalar(known * factor, x.dtype), shape: x.shape };
    const { source, factor: before } = this.scaled.get(x.value.name) ?? { source: x.value, factor: 1 };
    const whole = before * factor;
    if (whole === 1) return { ...x, value: source };
    const value =
      whole === -1
        ? this.byNumber('Neg', [source], source.type)
        : this.byNumber('Mul', [source, this.scalar(whole, x.dtype).value], source.type);
    this.scaled.set(value.name, { source, factor: whole });
    return { ...x, value };
  }

  /** @returns The value, expanded to its full shape. */
  whole({ value, shape }: Traced): OnnxValue {
    if (sizeOf(value.shape) === sizeOf(shape)) return this.reshapeValue(value, shape);
    if (shape.some(this.isFree))
      throw new ShapeError(`compile: expected no value repeated along a free extent, got [${shape}]`);
    return this.graph.node('Expand', [value, this.int64s(shape)], value.type, shape);
  }

  cast(x: Traced, dtype: TracedType): Traced {
    if (x.dtype === dtype) return x;
    const constant = x.value.constant;
    if (constant && constant.length === 1) {
      return { ...this.scalar(castNumber(Number(constant[0]), dtype), dtype), shape: x.shape };
    }
    return { value: this.castValue(x.value, dtype), shape: x.shape, dtype };
  }

  castValue(value: OnnxValue, type: OnnxType): OnnxValue {
    if (value.type === type) return value;
    return this.byNumber('Cast', [value], type, { to: ELEMENT_TYPES[type] });
  }

  /** Reshapes x. A reshape of a reshape becomes one node; a reshape back to the first shape needs none. */
  reshape(x: Traced, shape: readonly number[]): Traced {
    if (isSame(x.shape, shape)) return x;
    if (sizeOf(x.value.shape) === 1) return { ...x, value: this.reshapeValue(x.value, []), shape };
    return { ...x, value: this.reshapeValue(this.whole(x), shape), shape };
  }

  /** Permutes axes. A transpose of a transpose is one node; one that moves only axes of extent 1 is a reshape. */
  transpose(x: Traced, permutation: readonly number[]): Traced {
    const shape = permutation.map((axis) => x.shape[axis]);
    if (sizeOf(x.value.shape) === 1) return { ...x, shape };
    const padded = this.reshapeValue(x.value, padRank(x.value.shape, x.shape.length));
    return { ...x, value: this.transposeValue(padded, permutation), shape };
  }

  /** @param shape - The result's. */
  concat(parts: readonly Traced[], axis: number, shape: readonly number[]): Traced {
    const values = parts.map((part) => this.whole(part));
    const result = this.node('Concat', values, parts[0].dtype, shape, { axis });
    this.joined.set(result.value.name, { axis, parts });
    return result;
  }

  /** @returns The parts that were concatenated to x along this axis; null: x is no concatenation. */
  partsOf({ value, shape }: Traced, axis: number): readonly Traced[] | null {
    const joined = this.joined.get(value.name);
    return joined?.axis === axis && isSame(value.shape, shape) ? joined.parts : null;
  }

  /** @returns The value that x was reshaped from, if its rows have the same width; else x. */
  rows(x: Traced): Traced {
    const source = this.reshaped.get(x.value.name);
    if (!source || !isSame(x.value.shape, x.shape) || source.shape.at(-1) !== x.shape.at(-1)) return x;
    return { ...x, value: source, shape: source.shape };
  }

  /**
   * Adds an elementwise node. When its operands were reshaped, it works on the values before that and reshapes the result. So
   * reshapes come to stand one after another, and cancel out.
   */
  private byNumber(op: string, values: readonly OnnxValue[], type: OnnxType, attributes: Attributes = {}): OnnxValue {
    const shape = broadcast(values);
    const sources = this.sources(values, shape) ?? values;
    return this.reshapeValue(this.graph.node(op, sources, type, broadcast(sources), attributes), shape);
  }

  /**
   * @returns The values before they were reshaped to a common shape, and single numbers unchanged; null when the values had different
   *   shapes before.
   */
  private sources(values: readonly OnnxValue[], shape: readonly number[]): readonly OnnxValue[] | null {
    const sources = values.map((value) => (value.shape.length === 0 ? value : this.reshaped.get(value.name)));
    const [first] = sources.filter((source) => source !== undefined && source.shape.length > 0);
    if (!first) return null;
    const fits = (source: OnnxValue | undefined, at: number) =>
      source !== undefined &&
      (source.shape.length === 0 || (isSame(source.shape, first.shape) && isSame(values[at].shape, shape)));
    return sources.every(fits) ? (sources as OnnxValue[]) : null;
  }

  private reshapeValue(value: OnnxValue, shape: readonly number[]): OnnxValue {
    const source = this.reshaped.get(value.name) ?? value;
    if (isSame(source.shape, shape)) return source;
    if (source.constant) return this.graph.constant(source.type, shape, source.constant);
    const result = this.graph.node('Reshape', [source, this.shapeValue(shape)], source.type, shape);
    this.reshaped.set(result.name, source);
    return result;
  }

  /** The runtime infers one extent from all others; further free ones are read from the inputs that have them. */
  private shapeValue(shape: readonly number[]): OnnxValue {
    const free = shape.filter(this.isFree);
    if (free.length < 2) return this.int64s(shape.map((extent) => (this.isFree(extent) ? -1 : extent)));
    const inferred = free.find((extent) => !this.extents.has(extent)) ?? free[0];
    const at = shape.indexOf(inferred);
    const parts = shape.map((extent, axis) => (axis === at ? this.int64s([-1]) : this.extentValue(extent)));
    return this.graph.node('Concat', parts, 'int64', [shape.length], { axis: 0 });
  }

  private extentValue(extent: number): OnnxValue {
    if (!this.isFree(extent)) return this.int64s([extent]);
    const value = this.extents.get(extent);
    if (value !== undefined) return value;
    throw new ShapeError(`compile: expected an extent of an input, or a product that is the only one, got ${extent}`);
  }

  private transposeValue(value: OnnxValue, permutation: readonly number[]): OnnxValue {
    const before = this.transposed.get(value.name);
    if (before) {
      return this.transposeValue(
        before.source,
        permutation.map((axis) => before.permutation[axis]),
      );
    }
    const shape = permutation.map((axis) => value.shape[axis]);
    const moved = permutation.filter((axis) => value.shape[axis] > 1);
    if (moved.every((axis, index) => index === 0 || axis > moved[index - 1])) return this.reshapeValue(value, shape);
    const result = this.graph.node('Transpose', [value], value.type, shape, { perm: [...permutation] });
    this.transposed.set(result.name, { source: value, permutation });
    return result;
  }
}

/** @returns The one number that x is everywhere, or null when it is not one known number. */
export function uniformOf({ value }: Traced): number | null {
  if (value.rows) return null;
  return value.constant?.length === 1 ? Number(value.constant[0]) : null;
}

/** @returns All numbers of a constant; null where x is none, or one number stands for all. */
export function wholeConstant({ value: { constant }, shape }: Traced): ConstantData | null {
  return constant?.length === sizeOf(shape) ? constant : null;
}

/** @returns The rows of a constant matrix, wherever they lie; null where x is none, or one number stands for all. */
export function constantRows(x: Traced): RowSource | null {
  if (x.value.rows) return x.value.rows;
  const values = wholeConstant(x);
  return values instanceof Float32Array ? new Rows(values, x.shape.at(-1)!) : null;
}

/** @returns The shape that all shapes together broadcast to. */
export function broadcast(operands: readonly { readonly shape: readonly number[] }[]): number[] {
  return operands.reduce<number[]>(
    (shape, operand) => tf.broadcast_util.assertAndGetBroadcastShape(shape, [...operand.shape]),
    [],
  );
}

export function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, extent) => size * extent, 1);
}

function padRank(shape: readonly number[], rank: number): number[] {
  return [...Array<number>(rank - shape.length).fill(1), ...shape];
}

function typedArray(values: ArrayLike<number>, dtype: TracedType): Float32Array | Int32Array | Uint8Array {
  switch (dtype) {
    case 'float32':
      return values instanceof Float32Array ? values : Float32Array.from(values);
    case 'int32':
      return values instanceof Int32Array ? values : Int32Array.from(values);
    case 'bool':
      return Uint8Array.from(values, (value) => (value ? 1 : 0));
    default:
      return dtype satisfies never;
  }
}

function castNumber(value: number, dtype: TracedType): number {
  if (dtype === 'bool') return value === 0 ? 0 : 1;
  return dtype === 'int32' ? Math.trunc(value) : value;
}

/** Inputs by tfjs's names. Operations on a list of tensors have the names 0, 1, … in their order. */
export type RuleInputs = Readonly<Record<string, Traced>>;

/** Each rule knows the type of its own attributes, which is tfjs's; the registry only passes them on. */
export type Rule = (tracer: Tracer, inputs: RuleInputs, attributes: never) => Traced | readonly Traced[];

/** Rules by tfjs's kernel name. */
export type Rules = Readonly<Record<string, Rule>>;
