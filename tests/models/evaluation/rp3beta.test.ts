import { fitRp3Beta } from '../../../models/evaluation/rp3beta';

const USERS = [[0, 1], [0, 1, 2], [0]].map((items) => Int32Array.from(items));

function rowsOf(powers: { alpha: number; beta: number }) {
  const addRow = fitRp3Beta({ numItems: 3, users: USERS }, powers);
  return [0, 1, 2].map((item) => {
    const scores = new Float64Array(3);
    addRow(item, 1, scores);
    return [...scores];
  });
}

describe('fitRp3Beta', () => {
  it('gives the probabilities of the walk, popular ends divided down', () => {
    // Items 0, 1 and 2 have three users, two and one; the users have two items, three and one.
    const plain = rowsOf({ alpha: 1, beta: 0 });
    const divided = rowsOf({ alpha: 1, beta: 1 });
    const [both, last] = [1 / 2 + 1 / 3, 1 / 3];
    [
      [0, both / 3, last / 3],
      [both / 2, 0, last / 2],
      [last, last, 0],
    ].forEach((row, item) => {
      row.forEach((weight, end) => {
        expect(plain[item][end]).toBeCloseTo(weight, 6);
        expect(divided[item][end]).toBeCloseTo(weight / (3 - end), 6);
      });
    });
  });

  it('raises the probability of each step to a power', () => {
    const [[, near, far]] = rowsOf({ alpha: 0.5, beta: 0 });
    expect(near).toBeCloseTo((Math.SQRT1_2 + 1 / Math.sqrt(3)) / Math.sqrt(3), 6);
    expect(far).toBeCloseTo(1 / 3, 6);
  });
});
