/**
 * Matrix products with constants in 8 bits. One scale stands for all rows, or each row has its own, so that what one user gets does not
 * depend on whose rows are beside.
 */
import { type RowSource, Rows, ROWS_A_READ } from '../../../math/rows';
import type { OnnxValue } from '../graph';
import { type Tracer, constantRows, type Traced } from '../tracer';

/** @returns Null: the product is one of floats. */
export function eightBitProduct(
  tracer: Tracer,
  a: Traced,
  b: Traced,
  isTransposed: boolean,
  shape: readonly number[],
): Traced | null {
  if (b.shape.length !== 2) return null;
  if (!isTransposed) return weightProduct(tracer, a, b, shape);
  const tables = tablesOf(tracer, b);
  return tables && tableProduct(tracer, a, tables, shape);
}

/** With narrower rows a product of floats takes hardly longer. */
const MIN_WIDTH = 128;
/** Larger numbers are cut off; in root mean squares of the largest column. */
const RANGE = 6;
/** Not 127: a processor without VNNI adds products in pairs, in 16 bits. */
const LARGEST_WEIGHT = 63;

/**
 * Gains say how large the numbers of normalised rows are: a row of root mean square 1 that prefers no direction has ‖g ∘ w‖ in a column
 * after the gains g and the column's weights w. A relu needs no operation, since what is below the range becomes its lowest number.
 */
function weightProduct(tracer: Tracer, a: Traced, b: Traced, shape: readonly number[]): Traced | null {
  const { graph } = tracer;
  const rows = tracer.rows(a);
  const [signed] = graph.inputsOf('Relu', rows.value);
  const sizes = tracer.sizes.get((signed ?? rows.value).name);
  const weights = sizes && b.shape[0] >= MIN_WIDTH ? weightsOf(tracer, b, sizes) : null;
  if (!sizes || !weights) return null;
  const [zero, steps] = signed ? [0, 255] : [128, 127];
  const scale = tracer.scalar((RANGE * largestOf(sizes)) / steps, 'float32').value;
  const zeroPoint = graph.constant('uint8', [], Uint8Array.of(zero));
  const bytes = graph.node('QuantizeLinear', [signed ?? rows.value, scale, zeroPoint], 'uint8', rows.shape);
  const inputs = [bytes, weights.bytes, scale, weights.scales, zeroPoint];
  const product = tracer.node('MatMulIntegerToFloat', inputs, 'float32', rows.shape.with(-1, shape.at(-1)!));
  if (weights.sizes) tracer.sizes.set(product.value.name, weights.sizes);
  return tracer.reshape(product, shape);
}

interface Weights {
  /** int8 `[K, N]`. */
  readonly bytes: OnnxValue;
  /** float32 `[N]`. */
  readonly scales: OnnxValue;
  /** Sizes of the product: see `Tracer.sizes`. Absent: not known. */
  readonly sizes?: Float32Array;
}

/** @returns Null: b is neither a constant nor a level's part of one. */
function weightsOf(tracer: Tracer, b: Traced, sizes: Float32Array): Weights | null {
  const { graph } = tracer;
  const [height, width] = b.shape;
  const constant = constantRows(b);
  if (constant !== null) {
    const { values, scales } = eightBitMatrices(constant, height);
    return {
      bytes: graph.constant('int8', b.shape, values),
      scales: graph.constant('float32', [width], scales),
      sizes: sizesOfProduct(constant, sizes),
    };
  }
  const [several, level] = graph.inputsOf('Gather', tracer.rows(b).value);
  const matrices = several && constantRows({ value: several, shape: several.shape, dtype: 'float32' });
  if (!level || !matrices || several.shape.length !== 3) return null;
  const { values, scales } = eightBitMatrices(matrices, height);
  const pick = (type: 'int8' | 'float32', of: Int8Array | Float32Array, shape: readonly number[]) => {
    const table = graph.constant(type, [several.shape[0], ...shape], of);
    return graph.node(
      'Squeeze',
      [graph.node('Gather', [table, level], type, [1, ...shape]), tracer.int64s([0])],
      type,
      shape,
    );
  };
  return { bytes: pick('int8', values, b.shape), scales: pick('float32', scales, [width]) };
}

/**
 * @param weights - Matrices of so many rows, one after another.
 * @returns The same, int8, and a scale for each column of each matrix.
 */
export function eightBitMatrices(weights: RowSource, height: number): { values: Int8Array; scales: Float32Array } {
  const { count, dims } = weights;
  const floats = weights.slice(0, count);
  const scales = new Float32Array((count / height) * dims);
  const values = new Int8Array(floats.length);
  const columnOf = (i: number) => Math.floor(i / (dims * height)) * dims + (i % dims);
  for (let i = 0; i < floats.length; i++) {
    const column = columnOf(i);
    scales[column] = Math.max(scales[column], Math.abs(floats[i]) / LARGEST_WEIGHT);
  }
  for (let i = 0; i < floats.length; i++) values[i] = Math.round(floats[i] / (scales[columnOf(i)] || 1));
  return { values, scales };
}

function sizesOfProduct(weights: RowSource, sizes: Float32Array): Float32Array {
  const { count, dims } = weights;
  const floats = weights.slice(0, count);
  const squares = new Float32Array(dims);
  for (let i = 0; i < floats.length; i++) {
    const size = sizes[sizes.length === 1 ? 0 : Math.floor(i / dims)];
    squares[i % dims] += (floats[i] * size) ** 2;
  }
  return squares.map(Math.sqrt);
}

function largestOf(sizes: Float32Array): number {
  return sizes.reduce((largest, size) => Math.max(largest, Math.abs(size)), 0);
}

/** ONNX Runtime's name for products of whole numbers of 8 bits; with any other accuracy it makes floats of the whole table first. */
const INT8_ACCURACY = 4;

/** @returns The tables that b joins, or b alone; null: they are to stay floats, or are not known. */
function tablesOf(tracer: Tracer, b: Traced): RowSource[] | null {
  const parts = tracer.partsOf(b, 1) ?? [b];
  const tables = parts.flatMap((part) => constantRows(part) ?? []);
  return tables.length === parts.length ? tables : null;
}

/**
 * As precise as the table: the other operand is rounded to 8 bits too, which is what makes the product fast.
 *
 * @param tables - Joined, float32 `[K, J]`, which is read transposed.
 * @param shape - The product's, `[…, I, K]`.
 */
function tableProduct(tracer: Tracer, a: Traced, tables: readonly RowSource[], shape: readonly number[]): Traced {
  const [rows, width] = [shape[shape.length - 1], a.shape[a.shape.length - 1]];
  const { values, scales, blockSize } = eightBitTable(tables);
  const blocks = tracer.graph.constant('uint8', [rows, scales.length / rows, blockSize], values);
  const inputs = [tracer.whole(a), blocks, tracer.graph.constant('float32', [scales.length], scales)];
  const attributes = { K: width, N: rows, bits: 8, block_size: blockSize, accuracy_level: INT8_ACCURACY };
  return tracer.node('MatMulNBits', inputs, 'float32', shape, attributes);
}

export interface EightBitTable {
  /** The float is `(value - 128) * scale`; each row is filled up to whole blocks; uint8 `[rows, blocks, blockSize]`. */
  readonly values: Uint8Array;
  /** float32 `[rows, blocks]`. */
  readonly scales: Float32Array;
  readonly blockSize: number;
}

/** A divisor of the widths of the presets' tables. With 32 or 128 products are as precise. */
const BLOCK_SIZE = 64;
/** Stands for 0; the runtime takes it when no other is given. */
const ZERO = 128;
const LARGEST = 127;

/** @param tables - Float32; their rows are joined: so a table that is made of several is never in memory as floats. */
export function eightBitTable(tables: readonly RowSource[]): EightBitTable {
  const width = tables.reduce((sum, { dims }) => sum + dims, 0);
  const rows = tables[0].count;
  const blocks = Math.ceil(width / BLOCK_SIZE);
  const values = new Uint8Array(rows * blocks * BLOCK_SIZE);
  const scales = new Float32Array(rows * blocks);
  const row = new Float32Array(blocks * BLOCK_SIZE); // what no table fills stays 0
  let read: Rows[] = [];
  for (let at = 0; at < scales.length; at++) {
    const [index, block] = [Math.floor(at / blocks), at % blocks];
    if (block === 0) {
      if (index % ROWS_A_READ === 0)
        read = tables.map((table) => new Rows(table.slice(index, index + ROWS_A_READ), table.dims));
      joinRow(read, index % ROWS_A_READ, row);
    }
    scales[at] = writeBlock(row, block * BLOCK_SIZE, values, at * BLOCK_SIZE);
  }
  return { values, scales, blockSize: BLOCK_SIZE };
}

/** Copies number by number, since a view of each row would take longer. */
function joinRow(tables: readonly Rows[], row: number, to: Float32Array): void {
  let end = 0;
  for (const { values, dims } of tables) {
    for (let i = row * dims; i < (row + 1) * dims; i++) to[end++] = values[i];
  }
}

/** @returns The scale of the block. */
function writeBlock(row: Float32Array, begin: number, values: Uint8Array, to: number): number {
  let largest = 0;
  for (let i = begin; i < begin + BLOCK_SIZE; i++) largest = Math.max(largest, Math.abs(row[i]));
  const steps = largest === 0 ? 0 : LARGEST / largest;
  // The stored number is cut off, so .5 rounds it.
  for (let i = 0; i < BLOCK_SIZE; i++) values[to + i] = row[begin + i] * steps + ZERO + 0.5;
  return largest / LARGEST;
}
