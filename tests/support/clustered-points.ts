/** Points around random centres, as a catalogue's vectors lie around its kinds of items. */
import { createRandom } from '../../models/math/random';

/** @returns float32 `[n, dims]`; point i belongs to cluster `i % clusters`, whose points spread a tenth as far as the centres. */
export function clusteredPoints(options: { n: number; dims: number; clusters: number; seed: number }): Float32Array {
  const { n, dims, clusters, seed } = options;
  const random = createRandom(seed);
  const centres = Float32Array.from({ length: clusters * dims }, () => random.normal());
  return Float32Array.from({ length: n * dims }, (_, i) => {
    const cluster = Math.floor(i / dims) % clusters;
    return centres[cluster * dims + (i % dims)] + 0.1 * random.normal();
  });
}
