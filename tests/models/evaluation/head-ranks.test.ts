import { chooseShare, headRanks, type HeadRanks } from '../../../models/evaluation/head-ranks';
import { caseOf } from '../../support/little-log';

/** The shares that are tried, as in `ITEM_HEAD_SHARES`: 0, 0.1 … 0.9, then six close to 1. */
const NUM_SHARES = 16;

/** @param best - The shares that put a user's target first; the others put it third. */
function ranksOf(decoder: number, itemHead: number | null, ...best: number[]): HeadRanks {
  const fused = Array.from({ length: NUM_SHARES }, (_, i) => (best.includes(i) ? 1 : 3));
  return { decoder, itemHead, fused };
}

describe('chooseShare', () => {
  it('takes the share whose lists have the best NDCG@10 over all users', () => {
    // Share 0.4 is best for two of three users: (1 + 1 + 1/log₂4)/3 = 2.5/3. Share 0.6 is best for one: (1 + ½ + ½)/3.
    const three = [ranksOf(1, 2, 4), ranksOf(3, 0, 4), ranksOf(0, 1, 6)];
    const choice = chooseShare(Array(5).fill(three).flat(), true);
    expect(choice.share).toBe(0.4);
    expect(choice.served).toBeCloseTo(2.5 / 3, 12);
    expect(choice.decoder).toBeCloseTo((1 + 0.5 + 0) / 3, 12);
    expect(choice.itemHead).toBeCloseTo((1 / Math.log2(3) + 0 + 1) / 3, 12);
  });

  it('leaves the decoder next to nothing where its items would stand before those of a steep item head', () => {
    // The decoder is sure of item 9; the item head gives the target, its second item, a thousandth.
    const decoder = [{ itemId: 9, score: 0, codes: [], logProbabilities: [] }];
    const logs = new Map([[0, 0], [1, Math.log(1e-3)], [9, -100]]); // prettier-ignore
    const candidates = { decoder, itemHead: [0, 1, 9], itemHeadScore: (itemId: number) => logs.get(itemId) ?? null };
    const choice = chooseShare(Array<HeadRanks>(5).fill(headRanks(caseOf([2], [1]), candidates)), true);
    expect(choice).toMatchObject({ share: 0.9999, served: 1 / Math.log2(3) });
  });

  const fused = (best: number) => Array.from({ length: NUM_SHARES }, (_, i) => (i === best ? 1 : 2));
  const others = (best: number, rest: number) => Array.from({ length: NUM_SHARES }, (_, i) => (i === best ? rest : 2));

  it.each([
    ['nobody', []],
    ['users without a hit', [{ decoder: 0, itemHead: 0, fused: Array<number>(NUM_SHARES).fill(0) }]],
    ['users whose ranks do not depend on it', [ranksOf(3, 3)]],
    [
      'few users, of whom one gains and one loses',
      [4, 1].map((rest, i) => ({ decoder: 0, itemHead: 0, fused: i === 0 ? others(4, rest) : fused(4) })),
    ],
  ])('keeps to the prior share with %s', (_, validation) => {
    expect(chooseShare(validation, true).share).toBe(0.9);
  });

  it('leaves all to the decoder of a model without an item head', () => {
    expect(chooseShare([ranksOf(1, null, 5), ranksOf(3, null, 5)], false)).toEqual({
      share: 0,
      served: 0.75,
      decoder: 0.75,
      itemHead: null,
    });
  });
});
