import { planMatrices, sumsOverHistory, tunedMatrices } from '../../../models/evaluation/tuned-matrices';
import { logOf } from '../../support/little-log';
import { planOnTest, tellingRanker } from '../../support/telling-ranker';

describe('sumsOverHistory', () => {
  it('counts each item once, where it was taken last', () => {
    const scores = new Float64Array(4);
    const scorer = sumsOverHistory((item, weight, sums) => (sums[item] += weight), 0.5);
    scorer(Int32Array.of(3, 1, 2, 1), scores);
    expect([...scores]).toEqual([0, 1, 0.5, 0.25]);
  });
});

describe('tunedMatrices', () => {
  // Training parts: 0 1, 2 3 and 1 0. Then come 2 and 3 in turn, and the test.
  const log = logOf([
    ...Array<number[][]>(6).fill([[0], [1], [2], [3]]),
    ...Array<number[][]>(6).fill([[2], [3], [0], [1]]),
  ]);

  it('fits the training part and keeps what is best on validation', async () => {
    const { ranker } = tellingRanker({ log, numItems: 5, decoder: [], itemHead: null });
    const matrices = await tunedMatrices(ranker, planMatrices(5, planOnTest));
    expect(matrices.map(({ name }) => name)).toEqual(['ease', 'rp3beta']);
    for (const { scorer, constants } of matrices) {
      const scores = new Float64Array(5);
      scorer(Int32Array.of(0), scores);
      expect(scores.indexOf(Math.max(...scores))).toBe(1); // the only one that was taken with 0
      expect(scores[2]).toBeLessThanOrEqual(0); // popular, and nothing is known of it
      expect(constants).toHaveProperty('decay');
    }
  });

  it('leaves out a matrix that would be too large', () => {
    const names = (numItems: number) => planMatrices(numItems, planOnTest).map(({ method }) => method.name);
    expect(names(3_000)).toEqual(['ease', 'rp3beta']);
    expect(names(3_001)).toEqual(['rp3beta']);
    expect(names(100_001)).toEqual([]);
  });
});
