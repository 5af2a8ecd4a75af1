import { coldStartMetrics } from '../../../models/evaluation/cold-start';

// Item 50 is withheld; ten items are served, and it is nowhere among them. User 0 wants it, user 1 wants the last of the ten.
const served = [...Array(10).keys()];
const lists = {
  cases: [
    { user: 0, history: Int32Array.of(20), targets: Int32Array.of(50) },
    { user: 1, history: Int32Array.of(20), targets: Int32Array.of(9) },
  ],
  served: [served, served],
  withheldLists: {
    decoder: [
      [50, 51],
      [50, 51],
    ],
    'content-knn': [
      [51, 52],
      [51, 52],
    ],
  },
};
const metrics = new Map(coldStartMetrics(lists, Int32Array.of(50, 51, 52), 1).map(({ name, value }) => [name, value]));

describe('coldStartMetrics', () => {
  it('counts withheld items, and the users who are tested on one', () => {
    expect(metrics.get('cold.items')).toBe(3);
    expect(metrics.get('cold.users')).toBe(1);
  });

  it('finds withheld targets in the places that are kept', () => {
    expect(metrics.get('cold.decoder.reserved-0.recall@10')).toBe(0);
    expect(metrics.get('cold.decoder.reserved-1.recall@10')).toBe(1);
    expect(metrics.get('cold.content-knn.reserved-2.recall@10')).toBe(0);
  });

  it('tells what the places cost the others', () => {
    // User 1's target is the tenth, which gives way to the first kept place; user 0's comes in at place 10, or of two at 5.
    expect(metrics.get('cold.decoder.reserved-0.all.recall@10')).toBe(0.5);
    expect(metrics.get('cold.content-knn.reserved-1.all.recall@10')).toBe(0);
    expect(metrics.get('cold.decoder.reserved-1.all.ndcg@10')).toBeCloseTo(1 / Math.log2(11) / 2, 12);
    expect(metrics.get('cold.decoder.reserved-2.all.ndcg@10')).toBeCloseTo(1 / Math.log2(6) / 2, 12);
  });
});
