import { splitLog } from '../../../models/data/interactions';
import { createRandom } from '../../../models/math/random';
import { chooseReach } from '../../../models/training/choose-reach';
import { neighbourTable } from '../../../models/training/neighbour-table';
import { logOf, walkingLog } from '../../support/little-log';

const { signal } = new AbortController();
const PAIRS = 100;
const NUM_ITEMS = 2 * PAIRS;

/** Each user takes twelve items in any order, then in the same order what goes with each: too far from it for the near reach. */
function farLog(users: number) {
  const random = createRandom(1);
  return logOf(
    Array.from({ length: users }, () => {
      const items = Array.from({ length: PAIRS }, (_, i) => i);
      random.shuffle(items);
      const taken = items.slice(0, 12);
      return [...taken, ...taken.map((item) => PAIRS + item)].map((item) => [item]);
    }),
  );
}

const choose = (log: ReturnType<typeof logOf>, numItems = NUM_ITEMS) =>
  chooseReach(log, splitLog(log), numItems, signal);

describe('chooseReach', () => {
  it('reaches over whole histories where what goes together is far apart in them', async () => {
    const log = farLog(200);
    const { reach, neighbours } = await choose(log);
    expect(reach).toBe('wide');
    expect(neighbours).toEqual(neighbourTable(log, splitLog(log), NUM_ITEMS, 'wide'));
  });

  it('stays near where each item leads to the next', async () => {
    const log = walkingLog(200, 8, 40);
    const { reach, neighbours } = await choose(log, 40);
    expect(reach).toBe('near');
    expect(neighbours).toEqual(neighbourTable(log, splitLog(log), 40));
  });

  it('stays near where hardly anybody tells', async () => {
    expect(await choose(farLog(8))).toMatchObject({ reach: 'near' });
    expect(await choose(logOf([[[0], [1]]]))).toMatchObject({ reach: 'near' });
  });

  it('ends when it is aborted', async () => {
    const log = farLog(8);
    const aborted = AbortSignal.abort(new Error('enough'));
    await expect(chooseReach(log, splitLog(log), NUM_ITEMS, aborted)).rejects.toThrow('enough');
  });
});
