import { heldOut, type InteractionLog, type Split } from '../../../models/data/interactions';
import { fitFloors, rankFloor, type FloorName } from '../../../models/evaluation/baselines';

// Training parts: 0 1 2 | 0 1 3 | 4 1; what follows is held out.
const log: InteractionLog = {
  userKeys: ['a', 'b', 'c'],
  offsets: Int32Array.of(0, 4, 8, 11),
  items: Int32Array.of(0, 1, 2, 3, 0, 1, 3, 2, 4, 1, 0),
  times: Float64Array.from({ length: 11 }, (_, i) => i),
};
const split: Split = {
  rule: 'leave-one-out',
  trainEnd: Int32Array.of(3, 7, 10),
  validationEnd: Int32Array.of(3, 7, 10),
};

function rankings(name: FloorName): number[][] {
  const scorer = fitFloors(log, split, 5).get(name);
  if (scorer === undefined) throw new Error(name);
  return rankFloor(scorer, heldOut(log, split, 'test'), 5, 2);
}

describe('fitFloors', () => {
  it('ranks by popularity, seen items left out', () => {
    // Counts: item 0 twice, 1 three times, 2, 3 and 4 once each.
    expect(rankings('popularity')).toEqual([
      [3, 4],
      [2, 4],
      [0, 2],
    ]);
  });

  it('ranks what followed the last item first', () => {
    // After 1 came 2 and 3, once each; user c ends on 1. Ties go to the lower row.
    expect(rankings('markov')[2]).toEqual([2, 3]);
  });

  it('weighs neighbours by nearness and divides by popularity', () => {
    // User c, history 4 1. From 1 (weight 1): 0 has 1+1 over √(3·2) = .816, 2 and 3 have 1/√3 = .577. From 4: nothing new.
    expect(rankings('item-knn')[2]).toEqual([0, 2]);
  });

  it('damps what came before and what is popular less than the cosine does', () => {
    // User c, history 4 1; counts 2 3 1 1 1. From 1: 2 and 3 came after it, 1/(3·1)^¼ = .760 each; 0 came before it twice, with
    // half the weight: (½ + ½)/(3·2)^¼ = .639. As a cosine, both directions alike, 0 was first.
    expect(rankings('item-knn-damped')[2]).toEqual([2, 3]);
  });
});
