import { tunedMatrices } from '../../../models/evaluation/tuned-matrices';
import { logOf } from '../../support/little-log';
import { planOnTest, tellingRanker } from '../../support/telling-ranker';

describe('tunedMatrices', () => {
  // Training parts: 0 1, 2 3 and 1 0. Then come 2 and 3 in turn, and the test.
  const log = logOf([
    ...Array<number[][]>(6).fill([[0], [1], [2], [3]]),
    ...Array<number[][]>(6).fill([[2], [3], [0], [1]]),
  ]);

  const tune = (numItems: number) => {
    const { ranker } = tellingRanker({ log, numItems: 5, decoder: [], itemHead: null });
    const cases = ranker.cases(planOnTest({ part: 'validation' }));
    const input = { ...ranker.input, semanticIds: Array.from({ length: numItems }, () => [0]) };
    return tunedMatrices(input, { cases, isSeenKept: false, signal: new AbortController().signal }, 0.9);
  };

  it('fits the training part and keeps what is best on validation', async () => {
    const matrices = await tune(5);
    expect(matrices.map(({ name }) => name)).toEqual(['ease', 'rp3beta']);
    for (const { scorer } of matrices) {
      const scores = new Float64Array(5);
      scorer(Int32Array.of(0), scores);
      expect(scores.indexOf(Math.max(...scores))).toBe(1); // the only one that was taken with 0
      expect(scores[2]).toBeGreaterThan(scores[4]); // popular, and nothing is known of it
    }
  });

  it('leaves out a matrix that would be too large', async () => {
    expect((await tune(3_001)).map(({ name }) => name)).toEqual(['rp3beta']);
  });
});
