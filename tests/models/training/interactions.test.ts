import { heldOut, splitLog, type InteractionLog } from '../../../models/training/interactions';
import { logOf } from '../../support/little-log';

function cases(log: InteractionLog, part: 'validation' | 'test') {
  return heldOut(log, splitLog(log), part).map(({ user, history, targets }) => ({
    user,
    history: [...history],
    targets: [...targets],
  }));
}

describe('splitLog', () => {
  it('holds out the last item and the one before it where items come one by one', () => {
    const log = logOf([[[1], [2], [3], [4]]]);
    expect(splitLog(log).rule).toBe('leave-one-out');
    expect(cases(log, 'validation')).toEqual([{ user: 0, history: [1, 2], targets: [3] }]);
    expect(cases(log, 'test')).toEqual([{ user: 0, history: [1, 2, 3], targets: [4] }]);
  });

  it('holds out whole baskets where histories are made of them', () => {
    const log = logOf([
      [
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
      ],
    ]);
    expect(splitLog(log).rule).toBe('last-basket');
    expect(cases(log, 'validation')).toEqual([{ user: 0, history: [1, 2, 3], targets: [4, 5, 6] }]);
    expect(cases(log, 'test')).toEqual([{ user: 0, history: [1, 2, 3, 4, 5, 6], targets: [7, 8, 9] }]);
  });

  it('leaves users with too little to tell from out of a part, and trains on all they have', () => {
    const log = logOf([[[1]], [[1], [2]], []]);
    expect(cases(log, 'test')).toEqual([{ user: 1, history: [1], targets: [2] }]);
    expect(cases(log, 'validation')).toEqual([]);
    expect([...splitLog(log).trainEnd]).toEqual([1, 2, 3]);
  });
});
