/** The rule for matrix products: y = a · b, of which either may be read transposed; `[…, I, J]` and `[…, J, K]` → `[…, I, K]`. */
import type * as tf from '@tensorflow/tfjs-core';

import { type Tracer, broadcast, type Traced, type Rules } from '../tracer';
import { eightBitProduct } from './eight-bits';

export const LINALG_RULES: Rules = {
  BatchMatMul: matMul,
};

function matMul(tracer: Tracer, { a, b }: Record<string, Traced>, attributes: tf.BatchMatMulAttrs): Traced {
  const { transposeA, transposeB } = attributes;
  const shape = productShape(a.shape, b.shape, attributes);
  const inEightBits = tracer.hasEightBits && !transposeA ? eightBitProduct(tracer, a, b, transposeB, shape) : null;
  if (inEightBits !== null) return inEightBits;
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
