import { ExpectedWait } from '../../../src/recommend/expected-wait';

describe('ExpectedWait', () => {
  it('expects no wait before the first measurement', () => {
    expect(new ExpectedWait().waitMs(1000, 1)).toBe(0);
  });

  it('divides the time of all who wait among the workers', () => {
    const expected = new ExpectedWait();
    expected.measure(160, 16); // 10 ms a user
    expect(expected.waitMs(30, 1)).toBeCloseTo(300);
    expect(expected.waitMs(30, 3)).toBeCloseTo(100);
  });

  it('follows a pace that changes, by large batches faster than by small ones', () => {
    const [large, small] = [16, 1].map((users) => {
      const expected = new ExpectedWait();
      expected.measure(160, 16);
      expected.measure(30 * users, users);
      return expected.waitMs(1, 1);
    });
    expect(large).toBeCloseTo(10 + 0.16 * 20);
    expect(small).toBeCloseTo(10 + 0.01 * 20);
  });
});
