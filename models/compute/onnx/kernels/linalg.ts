/** The rule for matrix products: y = a · b, of which either may be read transposed; `[…, I, J]` and `[…, J, K]` → `[…, I, K]`. */
import type * as tf from '@tensorflow/tfjs-core';

import { type RowSource, Rows, ROWS_A_READ } from '../../../math/rows';
import { type Tracer, broadcast, constantRows, type Traced, type Rules } from '../tracer';

/** ONNX Runtime's name for products of whole numbers of 8 bits; with any other accuracy it makes floats of the whole table first. */
const INT8_ACCURACY = 4;

export const LINALG_RULES: Rules = {
  BatchMatMul: matMul,
};

function matMul(tracer: Tracer, { a, b }: Record<string, Traced>, attributes: tf.BatchMatMulAttrs): Traced {
  const { transposeA, transposeB } = attributes;
  const shape = productShape(a.shape, b.shape, attributes);
  const tables = transposeB && !transposeA && b.shape.length === 2 ? tablesOf(tracer, b) : null;
  if (tables !== null) return eightBitProduct(tracer, a, tables, shape);
  const inputs = [tracer.whole(a), tracer.whole(b)];
  if (!transposeA && !transposeB) return tracer.node('MatMul', inputs, a.dtype, shape);
  // Neither operator stores the transposed matrix. Gemm takes only matrices; FusedMatMul also takes batches of them.
  const flags = { transA: Number(transposeA), transB: Number(transposeB) };
  return tracer.node(shape.length === 2 ? 'Gemm' : 'FusedMatMul', inputs, a.dtype, shape, flags);
}

function productShape(a: readonly number[], b: readonly number[], attributes: tf.BatchMatMulAttrs): number[] {
  const rows = a[a.length - (attributes.transposeA ? 1 : 2)];
  const columns = b[b.length - (attributes.transposeB ? 2 : 1)];
  const batch = broadcast([{ shape: a.slice(0, -2) }, { shape: b.slice(0, -2) }]);
  return [...batch, rows, columns];
}

/** @returns The tables that b joins, or b alone; null: they are to stay floats, or are not known. */
function tablesOf(tracer: Tracer, b: Traced): RowSource[] | null {
  if (!tracer.hasEightBitTables) return null;
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
function eightBitProduct(tracer: Tracer, a: Traced, tables: readonly RowSource[], shape: readonly number[]): Traced {
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
