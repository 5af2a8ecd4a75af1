/** Cuts the gradient; tfjs has no operation for it. */
import { type Tensor, customGrad, zerosLike } from '@tensorflow/tfjs-core';

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
