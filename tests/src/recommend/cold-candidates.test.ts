import { coldCandidates, type ColdChoice } from '../../../src/recommend/cold-candidates';

const TEN = Int32Array.from({ length: 10 }, (_, i) => i + 1);

const choose = (changes: Partial<ColdChoice> = {}) => [
  ...coldCandidates(TEN, { allow: null, qualifies: () => true, turn: 0, most: 4, ...changes }),
];

describe('coldCandidates', () => {
  it('takes all that may be in the list as long as they are few', () => {
    expect(choose({ most: 12 })).toEqual([...TEN]);
    expect(choose({ allow: Int32Array.of(2, 4, 6, 11), qualifies: (itemId) => itemId !== 4, turn: 7 })).toEqual([2, 6]);
  });

  it('takes the newest and, turn by turn, all others', () => {
    expect([0, 1, 2, 3, 4].map((turn) => choose({ turn }))).toEqual([
      [7, 8, 9, 10],
      [5, 6, 9, 10],
      [3, 4, 9, 10],
      [1, 2, 9, 10],
      [7, 8, 9, 10],
    ]);
  });

  it('goes on with the newest of the others where a turn comes to the oldest', () => {
    expect(choose({ turn: 3, qualifies: (itemId) => itemId !== 1 })).toEqual([2, 8, 9, 10]);
    expect(choose({ turn: 2, allow: Int32Array.of(1, 3, 5, 7, 9) })).toEqual([1, 5, 7, 9]);
  });
});
