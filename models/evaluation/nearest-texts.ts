/** A baseline by text alone: it ranks items by the cosine of their text's direction and the history's. */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';

import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';

import type { Compiled, Device } from '../compute/device';
import type { HeldOut } from '../data/interactions';
import type { NearItem } from '../decoding/cold-items';
import { Rows } from '../math/rows';
import { rankTopK } from '../math/top-k';
import { historyDirection } from '../text/text-space';
import type { Watch } from './baselines';

/** Users scored at once, and their scores of all items: 256 MB. */
const MAX_USERS = 256;
const MAX_SCORES = 2 ** 26;

export class NearestTexts {
  private readonly scores: Compiled;

  /** @param directions - From a `TextSpace`, one per item; float32 `[N, size]`. */
  constructor(
    device: Device,
    private readonly directions: Float32Array,
    private readonly size: number,
  ) {
    this.scores = device.compile(
      ({ queries, items }) => ({ scores: tf.matMul(queries as Tensor2D, items as Tensor2D, false, true) }),
      { name: 'nearest-texts', freeExtents: { queries: ['users'] } },
    );
  }

  /**
   * @param k - Length of the lists.
   * @param only - Item rows that may be in the lists; absent: all. Hidden items are never in them.
   * @returns One list per user, nearest first; of equally near items the lower row first.
   * @throws The signal's reason when it is aborted.
   */
  async rank(
    cases: readonly HeldOut[],
    k: number,
    { onProgress, signal }: Watch,
    only?: Int32Array,
  ): Promise<NearItem[][]> {
    const { directions, size } = this;
    const numItems = directions.length / size;
    const items = { shape: [numItems, size], data: directions };
    const allowed = only === undefined ? null : new Set(only);
    const lists: NearItem[][] = [];
    const users = Math.max(1, Math.min(MAX_USERS, Math.floor(MAX_SCORES / numItems)));
    for (let at = 0; at < cases.length; at += users) {
      signal.throwIfAborted();
      const chunk = cases.slice(at, at + users);
      const queries = { shape: [chunk.length, size], data: this.queries(chunk) };
      const { scores } = await this.scores.run({ queries, items });
      const rows = new Rows(scores.data as Float32Array, numItems);
      chunk.forEach(({ hidden }, i) => {
        const nearness = rows.row(i);
        const left = new Set(hidden);
        const qualifies = (item: number) => !left.has(item) && (allowed === null || allowed.has(item));
        lists.push(rankTopK(nearness, k, qualifies).map((itemId) => ({ itemId, nearness: nearness[itemId] })));
      });
      onProgress?.(lists.length);
      await yieldToEventLoop();
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
