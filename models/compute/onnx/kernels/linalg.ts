/** The rule for matrix products: y = a · b, of which either may be read transposed; `[…, I, J]` and `[…, J, K]` → `[…, I, K]`. */
import type * as tf from '@tensorflow/tfjs';

import { eightBitTable } from '../eight-bit-table';
import { type Tracer, broadcast, isSame, type Traced } from '../tracer';
import type { Rules } from './rule';

/** ONNX Runtime's name for products of whole numbers of 8 bits; with any other accuracy it makes floats of the whole table first. */
const INT8_ACCURACY = 4;

export const LINALG_RULES: Rules = {
  BatchMatMul: matMul,
};

function matMul(tracer: Tracer, { a, b }: Record<string, Traced>, attributes: tf.BatchMatMulAttrs): Traced {
  const { transposeA, transposeB } = attributes;
  const shape = productShape(a.shape, b.shape, attributes);
  if (tracer.hasEightBitTables && transposeB && !transposeA && isTable(b)) return eightBitProduct(tracer, a, b, shape);
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

function isTable({ value: { constant, shape }, shape: whole }: Traced): boolean {
  return constant instanceof Float32Array && shape.length === 2 && isSame(shape, whole);
}

/** As precise as the table: the other operand is rounded to 8 bits too, which is what makes the product fast. */
function eightBitProduct(tracer: Tracer, a: Traced, { value, shape: [rows, width] }: Traced, shape: number[]): Traced {
  const { values, scales, blockSize } = eightBitTable(value.constant as Float32Array, width);
  const blocks = Math.ceil(width / blockSize);
  const table = tracer.graph.constant('uint8', [rows, blocks, blockSize], values);
  const inputs = [tracer.whole(a), table, tracer.graph.constant('float32', [rows * blocks], scales)];
  const attributes = { K: width, N: rows, bits: 8, block_size: blockSize, accuracy_level: INT8_ACCURACY };
  return tracer.node('MatMulNBits', inputs, 'float32', shape, attributes);
}
