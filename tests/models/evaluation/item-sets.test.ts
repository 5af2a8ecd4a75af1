import { splitLog } from '../../../models/data/interactions';
import { itemSets } from '../../../models/evaluation/item-sets';
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
