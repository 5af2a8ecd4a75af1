import { splitLog } from '../../../models/data/interactions';
import { itemSets, ofPopular } from '../../../models/evaluation/item-sets';
import { logOf } from '../../support/little-log';

describe('itemSets', () => {
  it('has each item of a training part once', () => {
    const log = logOf([
      [[0], [1], [0], [2], [3]],
      [[1], [0], [3], [2]],
    ]);
    const { users } = itemSets(log, splitLog(log), 4);
    expect(users.map((items) => [...items])).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });
});

describe('ofPopular', () => {
  it('keeps the items that most users have', () => {
    const users = [[0, 1], [2, 1, 0], [1], [2, 3]].map((items) => Int32Array.from(items));
    const kept = ofPopular({ numItems: 4, users }, 2);
    expect(kept.users.map((items) => [...items])).toEqual([[0, 1], [1, 0], [1], []]); // of 0 and 2 the lower row
  });
});
