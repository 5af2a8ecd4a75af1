import type { Continuations, Hypothesis } from '../../../models/decoding/beam-search';
import { gumbelRanking } from '../../../models/decoding/sampling';
import { Trie } from '../../../models/decoding/trie';

jest.mock('../../../models/math/random', () => ({ createRandom: () => ({ next: () => 0 }) }));

describe('gumbelRanking', () => {
  it('gives a finite priority where the generator draws 0, whose logarithm is not finite', () => {
    const node = Trie.build({
      idLength: 2,
      codebookSize: 2,
      itemIds: new Int32Array(0),
      codes: new Int32Array(0),
    }).root();
    const parent: Hypothesis = {
      node,
      codes: [],
      logProbabilities: [],
      score: 0,
      row: 0,
      priority: 0,
      temperedScore: 0,
    };
    const continuations: Continuations = {
      n: 1,
      codes: Int32Array.of(1),
      logProbabilities: Float64Array.of(0),
      priorities: new Float64Array(1),
      temperedScores: new Float64Array(1),
    };
    gumbelRanking([1], 5).rank(parent, continuations);
    // As for half the least number that it draws otherwise, 2⁻³³: −log(33 · log 2).
    expect(continuations.priorities[0]).toBeCloseTo(-Math.log(33 * Math.LN2), 10);
  });
});
