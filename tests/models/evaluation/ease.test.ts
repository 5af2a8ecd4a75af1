import { fitEase } from '../../../models/evaluation/ease';

const { signal } = new AbortController();

describe('fitEase', () => {
  it('solves one regression of each item on the others', async () => {
    const users = [[0, 1], [0, 1], [0]].map((items) => Int32Array.from(items));
    const addRow = await fitEase({ numItems: 3, users }, 1, signal); // nobody has item 2
    // XᵀX + I = (4 2; 2 3), its inverse is (3 −2; −2 4) / 8. So B[0, 1] = 2 / 4, and B[1, 0] = 2 / 3.
    const scores = Float64Array.of(10, 20, 30);
    addRow(0, 1, scores);
    expect([...scores]).toEqual([10, 20.5, 30]);
    addRow(1, 3, scores);
    addRow(2, 1, scores);
    expect(scores[0]).toBeCloseTo(12, 6);
    expect([...scores.subarray(1)]).toEqual([20.5, 30]);
  });
});
