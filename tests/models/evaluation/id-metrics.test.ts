import { presetConfig } from '../../../models/config';
import { idMetrics } from '../../../models/evaluation/id-metrics';

const config = { ...presetConfig('tiny').tokenizer, numLevels: 2, codebookSize: 4 };
const metricsOf = (ids: number[][]) =>
  Object.fromEntries(idMetrics(ids, config).map(({ name, value }) => [name, value]));

describe('idMetrics', () => {
  it('tells of each level how many codes are used and how evenly, and how many items share their codes', () => {
    const metrics = metricsOf([
      [0, 1, 0],
      [0, 1, 1],
      [1, 1, 0],
      [1, 2, 0],
    ]);
    // Level 0: 2 of 4 codes, half of the items each. Level 1: 2 of 4 codes, shares ¾ and ¼.
    expect(metrics).toEqual({
      'codebook.0.use': 0.5,
      'codebook.0.perplexity': expect.closeTo(2, 12) as number,
      'codebook.1.use': 0.5,
      'codebook.1.perplexity': expect.closeTo(0.75 ** -0.75 * 0.25 ** -0.25, 12) as number,
      'collision.rate': 0.5, // the first two
    });
  });

  it('is 0 without items', () => {
    expect(Object.values(metricsOf([]))).toEqual([0, 0, 0, 0, 0]);
  });
});
