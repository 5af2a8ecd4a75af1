/** Cuts the gradient; tfjs has no operation for it. */
import * as tf from '@tensorflow/tfjs-core';
import { type Tensor, customGrad, zerosLike, type Scalar, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';

import { ShapeError } from '../compute/errors';

/**
 * Returns x unchanged and lets no gradient through: `sg[x]` of the papers.
 *
 * @param x - Any float32 tensor.
 */
export function stopGradient<T extends Tensor>(x: T): T {
  return CUT(x) as T;
}

const CUT = customGrad((x) => ({
  value: (x as Tensor).clone(),
  gradFunc: (dy) => zerosLike(dy as Tensor),
}));

/**
 * Picks, level by level, the code nearest to the residual, then subtracts that code's vector.
 *
 * No gradient flows through the choice: call this first, then compute the loss from the returned codes.
 *
 * @param latents - Encoder outputs; float32 `[N, D]`.
 * @param codebooks - One per level, coarse to fine; each float32 `[K, D]`.
 * @returns Codes in `0 … K-1`; int32 `[N, L]`. When two codes are equally near, the lower wins.
 * @throws {ShapeError} When a codebook is not `D` wide; the message gives both widths.
 *
 * Source: TIGER (Rajput et al., 2023), section 3.1; distance is squared L2.
 */
export function assignCodes(latents: Tensor2D, codebooks: readonly Tensor2D[]): Tensor2D {
  return tf.tidy(() => {
    let residual = latents;
    const codes = codebooks.map((codebook, level) => {
      checkWidth(level, codebook.shape[1], latents.shape[1]);
      const chosen = nearestRows(residual, codebook);
      residual = tf.sub(residual, tf.gather(codebook, chosen));
      return chosen;
    });
    return tf.stack(codes, 1) as Tensor2D;
  });
}

export interface Quantised {
  /** Σ over levels of ‖sg[r] − e‖² + β‖r − sg[e]‖², summed over the width and averaged over the batch. */
  readonly loss: Scalar;
  /** Sum of the chosen vectors; its gradient goes to the latents as if nothing had been quantised. float32 `[B, D]`. */
  readonly quantised: Tensor2D;
}

/**
 * The loss for replacing latents by their codes' vectors. Its first term moves only the codebooks, its second only the encoder: in a
 * residual, the vectors of the levels before count as constants.
 *
 * @param latents - float32 `[B, D]`.
 * @param codes - From `assignCodes`; int32 `[B, L]`.
 * @param commitmentCost - The paper's β.
 */
export function quantisationLoss(
  latents: Tensor2D,
  codebooks: readonly Tensor2D[],
  codes: Tensor2D,
  commitmentCost: number,
): Quantised {
  let loss = tf.scalar(0);
  let residual = latents;
  let total = tf.zerosLike(latents);
  (tf.unstack(codes, 1) as Tensor1D[]).forEach((chosen, level) => {
    const vectors = tf.gather(codebooks[level], chosen); // → [B, D]
    const given = stopGradient(vectors);
    loss = tf.add(loss, meanSquaredLength(tf.sub(stopGradient(residual), vectors)));
    loss = tf.add(loss, tf.mul(commitmentCost, meanSquaredLength(tf.sub(residual, given))));
    residual = tf.sub(residual, given);
    total = tf.add(total, given);
  });
  return { loss, quantised: tf.add(latents, stopGradient(tf.sub(total, latents))) };
}

/** argmin ‖r − e‖² over the codebook; ‖r‖² does not change the order. → int32 [B] */
function nearestRows(residual: Tensor2D, codebook: Tensor2D): Tensor1D {
  const squares = tf.sum(tf.square(codebook), 1); // → [K]
  // The codebook takes the factor −2, and a product without transposed inputs is fused with the addition: one pass over
  // [B, K], not three.
  const directions = tf.mul(tf.transpose(codebook), -2); // → [D, K]
  return tf.argMin(tf.add(tf.matMul(residual, directions), squares), 1);
}

/** The length is that of a row: summed over the width, averaged over the batch. */
export function meanSquaredLength(x: Tensor2D): Scalar {
  return tf.mean(tf.sum(tf.square(x), 1)) as Scalar;
}

function checkWidth(level: number, width: number, expected: number): void {
  if (width !== expected) throw new ShapeError(`codebook ${level}: expected width ${expected}, got ${width}`);
}
