import { servedSplit, splitLog } from '../../../models/data/interactions';
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

  it('asks all users of a model that is to serve, of whom a third validates', async () => {
    const log = farLog(39);
    const split = servedSplit(log, 1);
    const { reach, neighbours } = await chooseReach(log, split, NUM_ITEMS, signal);
    expect(reach).toBe('wide');
    expect(neighbours).toEqual(neighbourTable(log, split, NUM_ITEMS, 'wide'));
  });

  it('asks those alone who validate where they are enough, and counts all pairs of the others', async () => {
    // After item a, of 100, six users of ten take b two steps later, and four take c at once: near counts say c, wide ones b.
    const log = logOf(
      Array.from({ length: 12_000 }, (_, user) => {
        const [a, between] = [user % 100, 300 + (Math.floor(user / 1000) % 50)];
        return user % 1000 < 600 ? [[a], [between], [100 + a]] : [[a], [200 + a]];
      }),
    );
    expect(await chooseReach(log, servedSplit(log, 1), 350, signal)).toMatchObject({ reach: 'wide' });
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
