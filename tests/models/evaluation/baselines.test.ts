import { splitLog } from '../../../models/data/interactions';
import { fitBaseline, rankBaseline, type BaselineName } from '../../../models/evaluation/baselines';
import { caseOf, logOf } from '../../support/little-log';

// Training parts: 0 1 2 | 0 1 3 | 4 1. Then each user's validation is item 5, which no training part has, and a test follows.
const LOG = logOf([
  [[0], [1], [2], [5], [3]],
  [[0], [1], [3], [5], [2]],
  [[4], [1], [5], [0]],
]);
const NUM_ITEMS = 6;

/** The first two items for a user with that history. */
async function ranking(name: BaselineName, ...history: number[]): Promise<number[]> {
  const scorer = fitBaseline(name, LOG, splitLog(LOG), NUM_ITEMS);
  const { signal } = new AbortController();
  const [list] = await rankBaseline(scorer, { cases: [caseOf(history)], isSeenKept: false, signal }, NUM_ITEMS);
  return list.slice(0, 2);
}

describe('fitBaseline', () => {
  it('ranks by popularity, seen items left out', async () => {
    // Counts: item 0 twice, 1 three times, 2, 3 and 4 once each.
    expect(await ranking('popularity', 0, 1, 2)).toEqual([3, 4]);
    expect(await ranking('popularity', 0, 1, 3)).toEqual([2, 4]);
    expect(await ranking('popularity', 4, 1)).toEqual([0, 2]);
  });

  it('ranks what followed the last item first', async () => {
    // After 1 came 2 and 3, once each. Ties go to the lower row.
    expect(await ranking('markov', 4, 1)).toEqual([2, 3]);
  });

  it('weighs neighbours by nearness and divides by popularity', async () => {
    // From 1 (weight 1): 0 has 1+1 over √(3·2) = .816, 2 and 3 have 1/√3 = .577. From 4: nothing new.
    expect(await ranking('item-knn', 4, 1)).toEqual([0, 2]);
  });

  it.each([
    // Item 5 was bought three times in validation, right after 2 by the first user: counted, it would be in each of these lists.
    ['popularity', [1], [0, 2]], // 2 and 1 interactions
    ['markov', [2], [1, 0]], // nothing follows 2 in training: by popularity
    ['item-knn', [2], [1, 0]], // 1/√(1·3) = .577 and ½/√(1·2) = .354
  ] as const)('fits %s on the training parts alone', async (name, history, expected) => {
    expect(await ranking(name, ...history)).toEqual(expected);
  });
});
