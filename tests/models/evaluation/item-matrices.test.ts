import { fitEase, fitRp3Beta } from '../../../models/evaluation/item-matrices';

const { signal } = new AbortController();
const setsOf = (users: readonly number[][], numItems: number) => ({
  numItems,
  users: users.map((items) => Int32Array.from(items)),
});

describe('fitEase', () => {
  it('solves one regression of each item on the others', async () => {
    const addRow = await fitEase(setsOf([[0, 1], [0, 1], [0]], 3), 1, signal); // nobody has item 2
    // XᵀX + I = (4 2; 2 3), its inverse is (3 −2; −2 4) / 8. So B[0, 1] = 2 / 4, and B[1, 0] = 2 / 3.
    const scores = Float64Array.of(10, 20, 30);
    addRow(0, 1, scores);
    expect([...scores]).toEqual([10, 20.5, 30]);
    addRow(1, 3, scores);
    addRow(2, 1, scores);
    expect(scores[0]).toBeCloseTo(12, 6);
    expect([...scores.subarray(1)]).toEqual([20.5, 30]);
  });

  it('weighs other items so that they say which items a user has', async () => {
    const users = Array.from({ length: 60 }, (_, user) =>
      [...Array(9).keys()].filter((item) => (user * (item + 3)) % 7 < 3),
    );
    const addRow = await fitEase(setsOf(users, 9), 2, signal);
    // The minimum of |X − X B|² + 2 |B|² has Xᵀ(X − X B) = 2 B off the diagonal.
    const weights = [...Array(9).keys()].map((item) => {
      const row = new Float64Array(9);
      addRow(item, 1, row);
      return row;
    });
    const has = users.map((items) => Float64Array.from({ length: 9 }, (_, item) => Number(items.includes(item))));
    for (let item = 0; item < 9; item++) {
      const rest = has.map((row) => row[item] - row.reduce((sum, x, other) => sum + x * weights[other][item], 0));
      for (let other = 0; other < 9; other++) {
        const gradient = has.reduce((sum, row, user) => sum + row[other] * rest[user], 0) - 2 * weights[other][item];
        if (other !== item) expect(gradient).toBeCloseTo(0, 8);
      }
    }
  });
});

describe('fitRp3Beta', () => {
  const SETS = setsOf([[0, 1], [0, 1, 2], [0]], 3);
  const rowsOf = (powers: { alpha: number; beta: number }) => {
    const addRow = fitRp3Beta(SETS, powers);
    return [0, 1, 2].map((item) => {
      const scores = new Float64Array(3);
      addRow(item, 1, scores);
      return [...scores];
    });
  };

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
