import { underBothNames } from '../../../graphql/model-version/metric-names';

const metric = (name: string, value = 0.5) => ({ name, value, low: 0.4, high: 0.6 });
const namesOf = (...names: string[]) => underBothNames(names.map((name) => metric(name))).map(({ name }) => name);

describe('underBothNames', () => {
  it('gives a metric with a new name under its former name too', () => {
    expect(namesOf('ndcg@10', 'baseline.markov.mrr', 'users')).toEqual([
      'ndcg@10',
      'baseline.markov.mrr',
      'floor.markov.mrr',
      'users',
    ]);
  });

  it('gives a metric that was stored under the former name under the new name first', () => {
    expect(namesOf('floor.item-knn.recall@10')).toEqual(['baseline.item-knn.recall@10', 'floor.item-knn.recall@10']);
  });

  it('leaves a name alone that has a former name inside', () => {
    expect(namesOf('cold.floor.share', 'floored')).toEqual(['cold.floor.share', 'floored']);
  });

  it('gives the same figures under both names', () => {
    expect(underBothNames([metric('baseline.markov.mrr', 0.25)])).toEqual([
      metric('baseline.markov.mrr', 0.25),
      metric('floor.markov.mrr', 0.25),
    ]);
  });
});
