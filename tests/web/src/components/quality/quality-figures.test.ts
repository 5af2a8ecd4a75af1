import { qualityRows } from '../../../../../web/src/components/quality/quality-figures';

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
