import { splitLog, type Split } from '../../../models/data/interactions';
import { recentPopularity } from '../../../models/data/popularity';
import { DAY_MS } from '../../../models/math/day';
import { eventLog } from '../../support/little-log';

const LOG = eventLog([
  [
    [0, 'VIEW', 0],
    [1, 'CART', 500],
    [0, 'PURCHASE', 1000], // the same day as the view: the larger weight counts
    [1, 'CART', 2 * DAY_MS],
  ],
  [
    [0, 'PURCHASE', 0],
    [2, 'PURCHASE', 500],
    [0, 'PURCHASE', DAY_MS],
  ],
]);
const ALL = { ...splitLog(LOG), trainEnd: LOG.offsets.slice(1) } satisfies Split;

describe('recentPopularity', () => {
  it('counts each user once per item and day, with the weight of the kind', () => {
    expect([...recentPopularity(LOG, ALL, 4, Infinity)]).toEqual([3, 1, 1, 0]);
  });

  it('counts an event half for each half-life before the newest of the training part', () => {
    // Item 0: two days ago by both users, but for a second, and one day ago by the second.
    const [first, second, third] = recentPopularity(LOG, ALL, 3, 1);
    expect(first).toBeCloseTo(0.25 + 0.25 + 0.5, 4);
    expect(second).toBeCloseTo(0.5 * 0.25 + 0.5, 4);
    expect(third).toBeCloseTo(0.25, 4);
  });

  it('does not count what is held out, nor ages by it', () => {
    const split = { ...ALL, trainEnd: Int32Array.of(3, 6) };
    const [first, second] = recentPopularity(LOG, split, 3, 1);
    expect([first, second]).toEqual([expect.closeTo(2, 4), expect.closeTo(0.5, 4)]);
  });
});
