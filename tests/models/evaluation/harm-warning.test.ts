import { harmWarning } from '../../../models/evaluation/harm-warning';

/** So many of 400 users find their item in the first place, and the others do not find it. */
const hits = (count: number) => Array.from({ length: 400 }, (_, user) => Number(user < count));

describe('harmWarning', () => {
  it('says nothing of simple lists that are as good as the served ones, or worse', () => {
    expect(harmWarning('popularity', hits(100), hits(100))).toEqual([]);
    expect(harmWarning('popularity', hits(99), hits(100))).toEqual([]);
  });

  it('names both figures, the lists and the users, as soon as popular items are better', () => {
    expect(harmWarning('popularity', hits(101), hits(100))).toEqual([
      'figures: the lists of this version have an NDCG@10 of 0.250, and lists of the most popular items have 0.253, on the same 400 users; ' +
        'import more interactions and train again, or activate an earlier version whose figures are better',
    ]);
  });

  it.each([
    ['item-knn-tuned', /what is bought near the items of the history \(item-kNN\)/],
    ['own-items', /what the user took last and most often/],
  ])('speaks of %s when they are better by more than two standard errors', (name, list) => {
    // Of 3 differences among 400 users, the mean is 1.7 standard errors; of 5 it is 2.2.
    expect(harmWarning(name, hits(103), hits(100))).toEqual([]);
    expect(harmWarning(name, hits(105), hits(100))).toEqual([expect.stringMatching(list)]);
  });

  it('says which lists it compares', () => {
    expect(harmWarning('own-items', hits(200), hits(100), 'lists with seen items')).toEqual([
      expect.stringContaining('the lists with seen items of this version'),
    ]);
  });

  it('does not speak of other baselines', () => {
    expect(harmWarning('markov', hits(400), hits(0))).toEqual([]);
  });
});
