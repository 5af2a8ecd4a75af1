import { splitLog } from '../../../models/data/interactions';
import { chooseShare, HeldOutRanker, type HeadRanks } from '../../../models/evaluation/evaluate';
import type { Tiger } from '../../../models/serving/tiger-model';
import { idsOf, walkingLog } from '../../support/little-log';

/** The shares that are tried, as in `evaluate.ts`: 0, 0.1 … 0.9, then five close to 1. */
const NUM_SHARES = 15;

/** @param best - Which of the shares put a user's target first; the others put it third. */
function ranksOf(decoder: number, itemHead: number | null, ...best: number[]): HeadRanks {
  const fused = Array.from({ length: NUM_SHARES }, (_, i) => (best.includes(i) ? 1 : 3));
  return { decoder, itemHead, fused };
}

describe('chooseShare', () => {
  it('takes the share whose lists have the best NDCG@10 over all users', () => {
    // Share 0.4 is best for two of three users: (1 + 1 + 1/log₂4)/3 = 2.5/3. Share 0.6 is best for one: (1 + ½ + ½)/3.
    const choice = chooseShare([ranksOf(1, 2, 4), ranksOf(3, 0, 4), ranksOf(0, 1, 6)]);
    expect(choice.share).toBe(0.4);
    expect(choice.served).toBeCloseTo(2.5 / 3, 12);
    expect(choice.decoder).toBeCloseTo((1 + 0.5 + 0) / 3, 12);
    expect(choice.itemHead).toBeCloseTo((1 / Math.log2(3) + 0 + 1) / 3, 12);
  });

  it('takes the smaller of equally good shares', () => {
    expect(chooseShare([ranksOf(3, 3, 2, 7)]).share).toBe(0.2);
    expect(chooseShare([ranksOf(3, 3)]).share).toBe(0);
  });

  it('leaves all to the decoder of a model without an item head', () => {
    expect(chooseShare([ranksOf(1, null, 5), ranksOf(3, null, 5)])).toEqual({
      share: 0,
      served: 0.75,
      decoder: 0.75,
      itemHead: null,
    });
  });
});

describe('HeldOutRanker', () => {
  const log = walkingLog(10, 5, 8);
  const ranker = new HeldOutRanker({} as Tiger, {
    ...{ log, split: splitLog(log), semanticIds: idsOf(8), width: 8, seed: 1 },
  });

  it('has a case for every user with something held out, or only so many, evenly spread', () => {
    expect(ranker.cases({ part: 'test' }).map(({ user }) => user)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(ranker.cases({ part: 'test', users: 4 }).map(({ user }) => user)).toEqual([0, 2, 5, 7]);
  });
});
