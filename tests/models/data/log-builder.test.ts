import { KIND_RULES } from '../../../models/data/kinds';
import { eventLog } from '../../support/little-log';

describe('LogBuilder', () => {
  it('makes the log of a shop without views where a view counts nothing', () => {
    const rules = { ...KIND_RULES, VIEW: { weight: 0, hidesItem: false } };
    const withViews = eventLog(
      [
        [[3, 'VIEW', 0]],
        [[1, 'PURCHASE', 0], [2, 'VIEW', 1], [1, 'CART', 2], [2, 'RATING', 3], [3, 'VIEW', 4]], // prettier-ignore
      ],
      rules,
    );
    const without = eventLog([[[1, 'PURCHASE', 0], [1, 'CART', 2], [2, 'RATING', 3]]], rules); // prettier-ignore
    expect(withViews).toEqual({ ...without, userKeys: ['u1'] });
  });
});
