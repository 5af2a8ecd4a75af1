import * as tf from '@tensorflow/tfjs';

import { HISTORY_DECAY } from '../../../models/config';
import { rowsFrom } from '../../../models/seq2seq/item-head';
import { historyDirections, textRows } from '../../../models/seq2seq/item-texts';
import { UNKNOWN_ITEM } from '../../../models/seq2seq/source';

const historyOf = (...rows: number[]) => rows.map((row) => ({ row, codes: [] }));

describe('textRows', () => {
  it('puts the newest item last, and fills up with the unknown item', () => {
    const { shape, data } = textRows([historyOf(3, 1), []]);
    expect(shape).toEqual([2, 20]);
    expect([...data.subarray(0, 20)]).toEqual([...Array<number>(18).fill(UNKNOWN_ITEM), 3, 1]);
    expect([...data.subarray(20)]).toEqual(Array<number>(20).fill(UNKNOWN_ITEM));
  });

  it('leaves out the oldest items of a long history', () => {
    const { data } = textRows([historyOf(...Array.from({ length: 25 }, (_, i) => i + 1))]);
    expect([data[0], data[19]]).toEqual([6, 25]);
  });
});

describe('historyDirections', () => {
  // Row 0 is of no item; items 1 and 2 have opposite texts, item 3 another one, item 4 none.
  const table = tf.variable(tf.tensor2d([0, 0, 1, 0, -1, 0, 0, 1, 0, 0], [5, 2]), false);
  const cosinesOf = (...rows: number[]) =>
    tf.tidy(() => {
      const { shape, data } = textRows([historyOf(...rows)]);
      const read = tf.gather(table, tf.tensor(data, [...shape], 'int32'));
      return [...tf.matMul(historyDirections(read) as tf.Tensor2D, rowsFrom(table, 1), false, true).dataSync()];
    });

  it('has cosine 1 with the text of the only item of the history, and 0 with an item without a text', () => {
    const [same, opposite, across, none] = cosinesOf(1);
    expect([same, opposite]).toEqual([expect.closeTo(1, 5), expect.closeTo(-1, 5)]);
    expect([across, none]).toEqual([0, 0]);
  });

  it('counts each step back less', () => {
    // The direction of item 3, then item 1: (1, decay), scaled to length 1.
    const length = Math.hypot(1, HISTORY_DECAY);
    expect(cosinesOf(3, 1).slice(0, 3)).toEqual([1, -1, HISTORY_DECAY].map((part) => expect.closeTo(part / length, 5)));
  });

  it('is 0 for every item when no item of the history has a text', () => {
    expect(cosinesOf(4)).toEqual([0, 0, 0, 0]);
    expect(cosinesOf()).toEqual([0, 0, 0, 0]);
  });
});
