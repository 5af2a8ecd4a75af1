import { qualityRows } from '../../../../../web/src/components/quality/quality-figures';
import { likelyCodes } from '../../../../../web/src/pages/recommendations/why/likely-codes';

describe('qualityRows', () => {
  it('puts the model first, then its heads, then the baselines under either name, best first', () => {
    const rows = qualityRows(
      [
        { name: 'floor.markov.ndcg@10', value: 0.1 },
        { name: 'baseline.popularity.ndcg@10', value: 0.2 },
        { name: 'decoder.ndcg@10', value: 0.3, low: 0.2, high: 0.4 },
        { name: 'ndcg@10', value: 0.25 },
        { name: 'recall@10', value: 0.9 },
        { name: 'codebook.0.use', value: 1 },
      ],
      'ndcg@10',
    );
    expect(rows.map(({ label, kind }) => [label, kind])).toEqual([
      ['This model', 'model'],
      ['Decoder alone', 'head'],
      ['Popularity', 'baseline'],
      ['Markov chain', 'baseline'],
    ]);
    expect(rows[1]).toMatchObject({ low: 0.2, high: 0.4 });
    expect(rows[0]).toMatchObject({ low: null, high: null });
  });
});

describe('likelyCodes', () => {
  it('names each code once, with its likeliest item and its probability', () => {
    const node = (id: string, code: number, probability: number) => ({
      item: { id, title: `Item ${id}` },
      explanation: [
        { level: 0, code: 9, logProbability: 0 },
        { level: 1, code, logProbability: Math.log(probability) },
      ],
    });
    const withoutPath = { item: { id: 'x', title: 'Item x' }, explanation: [] };
    const codes = likelyCodes({ nodes: [node('a', 3, 0.2), withoutPath, node('b', 5, 0.7), node('c', 3, 0.2)] }, 1);
    expect(codes.map(({ code, example }) => [code, example])).toEqual([
      [5, 'Item b'],
      [3, 'Item a'],
    ]);
    expect(codes[0].probability).toBeCloseTo(0.7);
  });
});
