/** A baseline by text alone: it ranks items by the cosine of their text's direction and the history's. */
import * as tf from '@tensorflow/tfjs';
import type { Tensor2D } from '@tensorflow/tfjs';

import type { Compiled, Device } from '../compute/device';
import type { HeldOut } from '../data/interactions';
import type { NearItem } from '../decoding/cold-items';
import { Rows } from '../math/rows';
import { rankTopK } from '../math/top-k';
import { historyDirection } from '../text/text-space';

/** Users scored at once. */
const CHUNK = 256;

export class ContentNeighbours {
  private readonly scores: Compiled;

  /** @param directions - From a `TextSpace`, one per item; float32 `[N, size]`. */
  constructor(
    device: Device,
    private readonly directions: Float32Array,
    private readonly size: number,
  ) {
    this.scores = device.compile(
      ({ queries, items }) => ({ scores: tf.matMul(queries as Tensor2D, items as Tensor2D, false, true) }),
      { name: 'content-neighbours', freeRows: ['queries'] },
    );
  }

  /**
   * @param k - Length of the lists.
   * @param only - Item rows that may be in the lists; absent: all. Items that the user has are never in them.
   * @returns One list per user, nearest first; of equally near items the lower row first.
   */
  async rank(cases: readonly HeldOut[], k: number, only?: Int32Array): Promise<NearItem[][]> {
    const { directions, size } = this;
    const numItems = directions.length / size;
    const items = { shape: [numItems, size], data: directions };
    const allowed = only === undefined ? null : new Set(only);
    const lists: NearItem[][] = [];
    for (let at = 0; at < cases.length; at += CHUNK) {
      const chunk = cases.slice(at, at + CHUNK);
      const queries = { shape: [chunk.length, size], data: this.queries(chunk) };
      const { scores } = await this.scores.run({ queries, items });
      const rows = new Rows(scores.data as Float32Array, numItems);
      chunk.forEach(({ history }, i) => {
        const nearness = rows.row(i);
        const had = new Set(history);
        const qualifies = (item: number) => !had.has(item) && (allowed === null || allowed.has(item));
        lists.push(rankTopK(nearness, k, qualifies).map((itemId) => ({ itemId, nearness: nearness[itemId] })));
      });
    }
    return lists;
  }

  dispose(): void {
    this.scores.dispose();
  }

  /** The histories' directions; float32 `[users, size]`. */
  private queries(cases: readonly HeldOut[]): Float32Array {
    const { size, directions } = this;
    const items = new Rows(directions, size);
    const queries = new Rows(new Float32Array(cases.length * size), size);
    cases.forEach(({ history }, user) => {
      const read = Array.from(history, (item) => items.row(item));
      historyDirection(read, queries.row(user));
    });
    return queries.values;
  }
}
