import { presetConfig } from '../../../models/config';
import { listMetrics, longListMetrics, type CategoryLevels, idMetrics } from '../../../models/evaluation/list-metrics';

const popularity = Float64Array.of(4, 2, 1, 1, 0);
const categories = Int32Array.of(0, 0, 1, 1, -1);
const value = (lists: number[][], name: string, known: CategoryLevels = [categories, Int32Array.of(0, 1, 2, 3, -1)]) =>
  listMetrics(lists, { popularity, categories: known }, 1).find((metric) => metric.name === name);

describe('listMetrics', () => {
  it('takes novelty from the items’ shares of the training interactions', () => {
    // Shares 4/8, 2/8 and 1/8 are 1, 2 and 3 bits; an item never bought counts as bought once.
    expect(value([[0, 1], [2]], 'novelty@10')?.value).toBeCloseTo((1.5 + 3) / 2, 12);
    expect(value([[4]], 'novelty@10')?.value).toBe(3);
  });

  it('averages the lists’ entropies, with an interval', () => {
    const metric = value(
      [
        [0, 2],
        [0, 1],
        [2, 3],
      ],
      'entropy@10',
    );
    expect(metric?.value).toBeCloseTo(Math.LN2 / 3, 12);
    expect(metric?.low).toBeLessThan(metric?.high ?? NaN);
  });
});

describe('longListMetrics', () => {
  it('measures the first fifty items, at each level of categories', () => {
    const list = [...Array<number>(25).fill(0), ...Array<number>(25).fill(2), ...Array<number>(50).fill(4)];
    const [first, second] = longListMetrics([list, list], [categories, Int32Array.of(0, 0, 0, 1, 1)], 1);
    expect([first.name, second.name]).toEqual(['entropy@50', 'subcategory-entropy@50']);
    expect(first.value).toBeCloseTo(Math.LN2, 12);
    expect(second.value).toBe(0);
    expect(longListMetrics([list], [], 1)).toEqual([]);
  });
});

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
});
