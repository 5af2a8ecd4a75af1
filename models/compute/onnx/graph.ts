/**
 * A computation graph that is being built, and its form as an ONNX model.
 *
 * Equal nodes and equal constants are kept once, unless they are large; the model leaves out what no output needs.
 * Source: the field numbers are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3.
 */
import { createHash } from 'node:crypto';

import type { RowSource } from '../../math/rows';
import { ShapeError } from '../errors';
import { ProtobufMessage } from './protobuf';

export type OnnxType = 'float32' | 'int32' | 'int64' | 'bool' | 'uint8' | 'int8';

export type ConstantData = Float32Array | Int32Array | BigInt64Array | Uint8Array | Int8Array;

/**
 * Products of a few are exact. It does no harm when the rows of a table are a multiple of one by chance: they are multiplied and sliced,
 * and never reshaped.
 */
const FREE_PRIMES = [100_003, 100_019, 100_043, 100_049];

/**
 * @param index - Different for extents that may differ from one another.
 * @returns A number that stands for an extent which is known only when the graph runs: so the functions that are traced can shape
 *   tensors with it and with its products.
 */
export function freeExtent(index: number): number {
  if (index < FREE_PRIMES.length) return FREE_PRIMES[index];
  throw new ShapeError(`compile: expected at most ${FREE_PRIMES.length} free extents, got more`);
}

/** A named value of the graph. Graphs are made for one set of shapes, so every extent is known, or free. */
export interface OnnxValue {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly number[];
  /** The value, if it is known before the graph runs. */
  readonly constant?: ConstantData;
  /** Where the constant is read from, when it is asked for. */
  readonly rows?: RowSource;
}

/** Whole numbers and lists of them are ONNX ints; a float is wrapped, since 1 would be taken for an int. */
export type Attribute = number | readonly number[] | string | { readonly float: number };
export type Attributes = Readonly<Record<string, Attribute>>;

export interface OutputSpec {
  readonly type: OnnxType;
  readonly shape: readonly number[];
}

interface GraphNode {
  readonly op: string;
  readonly inputs: readonly (OnnxValue | null)[];
  readonly outputs: readonly OnnxValue[];
  readonly attributes: Attributes;
}

export interface OnnxModel {
  /** On a buffer that can be resized: see `freeBytes`. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Names of the inputs that the outputs depend on; the model has no others. */
  readonly inputNames: ReadonlySet<string>;
}

/** Reductions take their axes as an input and ScatterND can add since 18. */
const OPSET = 18;
const IR_VERSION = 9;
/** Numbers of the types in ONNX's TensorProto.DataType. */
export const ELEMENT_TYPES: Readonly<Record<OnnxType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
};
/** Operators of ONNX Runtime itself, outside the standard. */
const MICROSOFT_DOMAIN = 'com.microsoft';
const MICROSOFT_OPS: ReadonlySet<string> = new Set(['FusedMatMul', 'MatMulNBits', 'MatMulIntegerToFloat']);

/** To compare the item vectors of 100,000 items takes a tenth of a second, and there are no others that are equal. */
const MAX_COMPARED_BYTES = 2 ** 20;

export class Graph {
  private readonly inputs = new Map<string, OnnxValue>();
  private readonly constants = new Map<string, OnnxValue>();
  private readonly allNodes: GraphNode[] = [];
  private readonly nodeOf = new Map<string, GraphNode>();
  private readonly known = new Map<string, readonly OnnxValue[]>();
  private readonly outputNames = new Set<string>();
  private nextName = 0;

  /** @param freeExtents - The free extents of its inputs, from `freeExtent`. */
  constructor(private readonly freeExtents: readonly number[] = []) {}

  /** Whether an extent is a free one, or a multiple of one. */
  isFree(extent: number): boolean {
    return extent > 0 && this.freeExtents.some((free) => extent % free === 0);
  }

  input(name: string, type: OnnxType, shape: readonly number[]): OnnxValue {
    const value: OnnxValue = { name, type, shape: [...shape] };
    this.inputs.set(name, value);
    return value;
  }

  /** @param data - Must not change until the model is made. */
  constant(type: OnnxType, shape: readonly number[], data: ConstantData): OnnxValue {
    const isCompared = data.byteLength <= MAX_COMPARED_BYTES;
    const content = isCompared ? createHash('sha1').update(toBytes(data)).digest('base64') : this.nextName;
    const key = `${type}[${shape.join()}]${content}`;
    const known = this.constants.get(key);
    if (known) return known;
    const value: OnnxValue = { name: this.freshName('c'), type, shape: [...shape], constant: data };
    this.constants.set(key, value);
    return value;
  }

  /** Adds a float32 constant that is read when it is asked for. */
  stored(rows: RowSource, shape: readonly number[]): OnnxValue {
    const value: OnnxValue = {
      ...{ name: this.freshName('c'), type: 'float32', shape: [...shape], rows },
      get constant() {
        return rows.slice(0, rows.count);
      },
    };
    this.constants.set(value.name, value);
    return value;
  }

  /** @returns The node's only output. */
  node(
    op: string,
    inputs: readonly (OnnxValue | null)[],
    type: OnnxType,
    shape: readonly number[],
    attributes: Attributes = {},
  ): OnnxValue {
    return this.nodes(op, inputs, [{ type, shape }], attributes)[0];
  }

  /** @returns One value for each entry of `outputs`. If an equal node was made before, its values. */
  nodes(
    op: string,
    inputs: readonly (OnnxValue | null)[],
    outputs: readonly OutputSpec[],
    attributes: Attributes = {},
  ): readonly OnnxValue[] {
    const key = nodeKey(op, inputs, outputs.length, attributes);
    const known = this.known.get(key);
    if (known) return known;
    const values = this.append(op, inputs, outputs, attributes);
    this.known.set(key, values);
    return values;
  }

  /** @returns The only output of a node without attributes, if it has been made; else null. */
  find(op: string, inputs: readonly OnnxValue[]): OnnxValue | null {
    return this.known.get(nodeKey(op, inputs, 1, {}))?.[0] ?? null;
  }

  /** @returns The inputs of the node that made the value, if it is of this kind; else none. */
  inputsOf(op: string, value: OnnxValue): readonly (OnnxValue | null)[] {
    const node = this.nodeOf.get(value.name);
    return node?.op === op ? node.inputs : [];
  }

  /**
   * Marks a value as a result of the graph.
   *
   * @returns The result's name, which no other result has: an input, a constant or a value that is a result already is copied.
   */
  output(value: OnnxValue): string {
    const isOwn = this.nodeOf.has(value.name) && !this.outputNames.has(value.name);
    const result = isOwn ? value : this.append('Identity', [value], [value], {})[0];
    this.outputNames.add(result.name);
    return result.name;
  }

  toModel(name: string): OnnxModel {
    const needed = this.neededNames();
    const inputs = [...this.inputs.values()].filter((value) => needed.has(value.name));
    const graph = new ProtobufMessage();
    for (const node of this.allNodes) {
      if (node.outputs.some((value) => needed.has(value.name))) graph.message(1, nodeMessage(node));
    }
    graph.text(2, name);
    for (const value of this.constants.values()) {
      if (needed.has(value.name)) graph.message(5, tensorMessage(value));
    }
    for (const value of inputs) graph.message(11, this.valueMessage(value));
    for (const output of this.outputNames) graph.message(12, this.valueMessage(this.outputValue(output)));
    return { bytes: modelMessage(graph).finish(freeableBytes), inputNames: new Set(inputs.map((value) => value.name)) };
  }

  private append(
    op: string,
    inputs: readonly (OnnxValue | null)[],
    outputs: readonly OutputSpec[],
    attributes: Attributes,
  ): readonly OnnxValue[] {
    const values = outputs.map(({ type, shape }) => ({ name: this.freshName('v'), type, shape: [...shape] }));
    const node: GraphNode = { op, inputs, outputs: values, attributes };
    this.allNodes.push(node);
    for (const value of values) this.nodeOf.set(value.name, node);
    return values;
  }

  private valueMessage(value: OnnxValue): ProtobufMessage {
    const shape = new ProtobufMessage();
    for (const extent of value.shape) {
      shape.message(1, this.isFree(extent) ? new ProtobufMessage() : new ProtobufMessage().integer(1, extent));
    }
    const tensorType = new ProtobufMessage().integer(1, ELEMENT_TYPES[value.type]).message(2, shape);
    return new ProtobufMessage().text(1, value.name).message(2, new ProtobufMessage().message(1, tensorType));
  }

  private outputValue(name: string): OnnxValue {
    return this.nodeOf.get(name)!.outputs.find((value) => value.name === name)!;
  }

  private neededNames(): ReadonlySet<string> {
    const needed = new Set<string>();
    const pending = [...this.outputNames];
    while (pending.length > 0) {
      const name = pending.pop()!;
      if (needed.has(name)) continue;
      needed.add(name);
      for (const input of this.nodeOf.get(name)?.inputs ?? []) if (input) pending.push(input.name);
    }
    return needed;
  }

  private freshName(prefix: string): string {
    return `${prefix}${this.nextName++}`;
  }
}

function nodeKey(op: string, inputs: readonly (OnnxValue | null)[], outputs: number, attributes: Attributes): string {
  return `${op}(${inputs.map((value) => value?.name ?? '').join()})${JSON.stringify(attributes)}${outputs}`;
}

function modelMessage(graph: ProtobufMessage): ProtobufMessage {
  return new ProtobufMessage()
    .integer(1, IR_VERSION)
    .text(2, 'tigerql')
    .message(7, graph)
    .message(8, new ProtobufMessage().text(1, '').integer(2, OPSET))
    .message(8, new ProtobufMessage().text(1, MICROSOFT_DOMAIN).integer(2, 1));
}

function nodeMessage(node: GraphNode): ProtobufMessage {
  const message = new ProtobufMessage();
  // An empty name stands for an input that is left out.
  for (const value of node.inputs) message.text(1, value?.name ?? '');
  for (const value of node.outputs) message.text(2, value.name);
  message.text(3, `${node.op}:${node.outputs[0].name}`).text(4, node.op);
  for (const [name, attribute] of Object.entries(node.attributes))
    message.message(5, attributeMessage(name, attribute));
  if (MICROSOFT_OPS.has(node.op)) message.text(7, MICROSOFT_DOMAIN);
  return message;
}

function attributeMessage(name: string, attribute: Attribute): ProtobufMessage {
  const message = new ProtobufMessage().text(1, name);
  if (typeof attribute === 'number') return message.integer(3, attribute).integer(20, 2);
  if (typeof attribute === 'string') return message.text(4, attribute).integer(20, 3);
  if ('float' in attribute) return message.float(2, attribute.float).integer(20, 1);
  return message.integers(8, attribute).integer(20, 7);
}

function tensorMessage(value: OnnxValue): ProtobufMessage {
  return new ProtobufMessage()
    .integers(1, value.shape)
    .integer(2, ELEMENT_TYPES[value.type])
    .text(8, value.name)
    .bytes(9, toBytes(value.constant!));
}

function freeableBytes(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new ArrayBuffer(size, { maxByteLength: size }));
}

/**
 * Gives the memory of a model back. A garbage collection would do so too, but a thread that only serves makes little garbage, and has
 * its next one much later.
 */
export function freeBytes({ bytes }: Pick<OnnxModel, 'bytes'>): void {
  bytes.buffer.resize(0);
}

/** ONNX wants little-endian bytes, which is what every machine that Node.js runs on has. */
function toBytes(data: ConstantData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
