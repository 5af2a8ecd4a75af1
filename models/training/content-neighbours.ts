/** A ranking by text alone: the items whose vectors lie nearest to those of the history's last items. */
import * as tf from '@tensorflow/tfjs';
import type { Tensor2D } from '@tensorflow/tfjs';
import type { Compiled, Device } from '../compute/device';
import { HISTORY_DECAY, topItems } from './floors';
import type { HeldOut } from './interactions';

/** Users scored at once. */
const CHUNK = 256;

/**
 * Score of an item: Σ decay^back · cosine with the history's item `back` steps from its end. The vectors' mean is taken off
 * first, since sentence encoders crowd their texts into a cone.
 */
export class ContentNeighbours {
  /** float32 `[N, dims]`, rows of length 1; a row that is the mean itself is zeros. */
  private readonly directions: Float32Array;
  private readonly scores: Compiled;

  /** @param vectors - float32 `[N, dims]`. */
  constructor(
    device: Device,
    vectors: Float32Array,
    private readonly dims: number,
  ) {
    this.directions = unitDirections(vectors, dims);
    this.scores = device.compile(
      ({ queries, items }) => ({ scores: tf.matMul(queries as Tensor2D, items as Tensor2D, false, true) }),
      { name: 'content-neighbours', freeRows: ['queries'] },
    );
  }

  /**
   * @param k - Length of the lists.
   * @param only - Item rows that may stand in them; absent: all that the user does not have already.
   * @returns A list of item rows a user, best first; of equally near ones the lower.
   */
  async rank(cases: readonly HeldOut[], k: number, only?: Int32Array): Promise<number[][]> {
    const { directions, dims } = this;
    const numItems = directions.length / dims;
    const items = { shape: [numItems, dims], data: directions };
    const allowed = new Set(only);
    const lists: number[][] = [];
    for (let at = 0; at < cases.length; at += CHUNK) {
      const chunk = cases.slice(at, at + CHUNK);
      const queries = { shape: [chunk.length, dims], data: this.queries(chunk) };
      const { scores } = await this.scores.run({ queries, items });
      chunk.forEach(({ history }, i) => {
        const row = Float64Array.from(scores.data.subarray(i * numItems, (i + 1) * numItems));
        for (const item of history) row[item] = -Infinity;
        if (only !== undefined)
          for (let item = 0; item < numItems; item++) if (!allowed.has(item)) row[item] = -Infinity;
        lists.push(topItems(row, k));
      });
    }
    return lists;
  }

  dispose(): void {
    this.scores.dispose();
  }

  /** One a user: the history's directions, weighed and summed; float32 `[users, dims]`. */
  private queries(cases: readonly HeldOut[]): Float32Array {
    const { dims, directions } = this;
    const queries = new Float32Array(cases.length * dims);
    cases.forEach(({ history }, user) => {
      let weight = 1;
      for (let at = history.length - 1; at >= 0; at--, weight *= HISTORY_DECAY)
        for (let d = 0; d < dims; d++) queries[user * dims + d] += weight * directions[history[at] * dims + d];
    });
    return queries;
  }
}

function unitDirections(vectors: Float32Array, dims: number): Float32Array {
  const numItems = vectors.length / dims;
  const mean = new Float64Array(dims);
  vectors.forEach((value, i) => (mean[i % dims] += value / numItems));
  const directions = vectors.map((value, i) => value - mean[i % dims]);
  for (let start = 0; start < directions.length; start += dims) {
    const row = directions.subarray(start, start + dims);
    const length = Math.hypot(...row) || 1;
    row.forEach((value, d) => (row[d] = value / length));
  }
  return directions;
}
