import { BatchPace } from '../../../src/recommend/batch-pace';

describe('BatchPace', () => {
  it('expects no time, and one user at a time, before the first measurement', () => {
    expect([new BatchPace().msFor(1000), new BatchPace().usersIn(1000)]).toEqual([0, 1]);
  });

  it('multiplies the mean time for one user', () => {
    const pace = new BatchPace();
    pace.measure(160, 16); // 10 ms a user
    expect(pace.msFor(30)).toBeCloseTo(300);
    expect([9, 10, 39].map((ms) => pace.usersIn(ms))).toEqual([1, 1, 3]);
  });

  it('follows a pace that changes, by large batches faster than by small ones', () => {
    const [large, small] = [16, 1].map((users) => {
      const pace = new BatchPace();
      pace.measure(160, 16);
      pace.measure(30 * users, users);
      return pace.msFor(1);
    });
    expect(large).toBeCloseTo(10 + 0.16 * 20);
    expect(small).toBeCloseTo(10 + 0.01 * 20);
  });
});
