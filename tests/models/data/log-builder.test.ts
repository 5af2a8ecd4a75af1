import { KIND_WEIGHTS } from '../../../models/config';
import { eventLog } from '../../support/little-log';

describe('LogBuilder', () => {
  it('makes the log of a shop without views where a view counts nothing', () => {
    const before = KIND_WEIGHTS.VIEW;
    KIND_WEIGHTS.VIEW = 0;
    try {
      const withViews = eventLog([
        [[3, 'VIEW', 0]],
        [[1, 'PURCHASE', 0], [2, 'VIEW', 1], [1, 'CART', 2], [2, 'RATING', 3], [3, 'VIEW', 4]], // prettier-ignore
      ]);
      const without = eventLog([[[1, 'PURCHASE', 0], [1, 'CART', 2], [2, 'RATING', 3]]]); // prettier-ignore
      expect(withViews).toEqual({ ...without, userKeys: ['u1'] });
    } finally {
      KIND_WEIGHTS.VIEW = before;
    }
  });
});
