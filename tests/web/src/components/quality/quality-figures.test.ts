import {
  aboveStrongestText,
  qualityRows,
  toldFigures,
} from '../../../../../web/src/components/quality/quality-figures';

describe('qualityRows', () => {
  it('puts the model first, then its heads, then the baselines, best first', () => {
    const rows = qualityRows(
      [
        { name: 'baseline.markov.ndcg@10', value: 0.1 },
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

describe('toldFigures', () => {
  const figures = [
    { name: 'ndcg@10', value: 0.1 },
    { name: 'users', value: 3 },
    { name: 'seen-kept.ndcg@10', value: 0.6 },
    { name: 'seen-kept.baseline.own-items.ndcg@10', value: 0.5 },
    { name: 'seen-kept.users', value: 90 },
  ];
  const repeated = (value: number, others = figures) => [...others, { name: 'targets.repeated', value }];

  it.each([
    ['nothing is said of repeats', figures],
    ['half of them are repeats', repeated(0.5)],
    ['most are repeats, but the others were not measured', repeated(0.9, figures.slice(0, 2))],
  ])('are those of lists without seen items where %s', (_, given) => {
    expect(toldFigures(given)).toEqual({ figures: given, users: 3, isSeenKept: false });
  });

  it('are those of lists with seen items in a shop of repeats', () => {
    const told = toldFigures(repeated(0.9));
    expect(told).toMatchObject({ users: 90, isSeenKept: true });
    expect(qualityRows(told.figures, 'ndcg@10').map(({ label, value }) => [label, value])).toEqual([
      ['This model', 0.6],
      ['Own items', 0.5],
    ]);
  });
});

const ofModel = (value: number, low: number, high: number, seenKept = false) => ({
  aboveStrongestBaseline: { baseline: 'item-knn-tuned', seenKept, value, low, high },
});

describe('aboveStrongestText', () => {
  it('says when a model gives no more than counts', () => {
    expect(aboveStrongestText(ofModel(0.001, -0.002, 0.004))).toMatch(/^Counts do as well without a model\. /);
    expect(aboveStrongestText(ofModel(-0.03, -0.04, -0.02, true))).toBe(
      'Counts do better without a model. NDCG@10 above the strongest simple method (Item-kNN, tuned), ' +
        'in lists with items that the users already had: -0.0300 [-0.0400, -0.0200].',
    );
    expect(aboveStrongestText({ aboveStrongestBaseline: null })).toBeUndefined();
  });
});
