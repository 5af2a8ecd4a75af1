/** The rule for matrix products: y = a · b, of which either may be read transposed; `[…, I, J]` and `[…, J, K]` → `[…, I, K]`. */
import type * as tf from '@tensorflow/tfjs-core';

import type { RowSource } from '../../../math/rows';
import { eightBitTable } from '../eight-bit-table';
import { type Tracer, broadcast, constantRows, type Traced } from '../tracer';
import type { Rules } from './rule';

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
