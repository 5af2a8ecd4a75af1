import { whyClearlyWorse, whyLower } from '../../../src/training/version-comparison';

const version = (number: number, value: number, users = 1_000, high: number | null = value + 0.01) => ({
  number,
  metrics: [
    { name: 'users', value: users, low: null, high: null },
    { name: 'ndcg@10', value, low: null, high },
  ],
});
const withoutFigure = { number: 7, metrics: [] };

describe('whyClearlyWorse', () => {
  it('says nothing against the first version', () => {
    expect(whyClearlyWorse(version(2, 0), null)).toBeNull();
  });

  it('names both figures when even the upper bound is below the live one', () => {
    expect(whyClearlyWorse(version(2, 0.03), version(1, 0.05))).toBe(
      'ndcg@10: expected no less than 0.0500 of the active version 1, got 0.0300, at most 0.0400 within its interval',
    );
  });

  it('says nothing against a figure whose interval reaches the live one', () => {
    expect(whyClearlyWorse(version(2, 0.045), version(1, 0.05))).toBeNull();
    expect(whyClearlyWorse(version(2, 0.05), version(1, 0.05))).toBeNull();
  });

  it('takes a figure without an interval as it is', () => {
    expect(whyClearlyWorse(version(2, 0.05, 1_000, null), version(1, 0.05))).toBeNull();
    expect(whyClearlyWorse(version(2, 0.049, 1_000, null), version(1, 0.05))).not.toBeNull();
  });

  it('compares figures of users that nobody has counted', () => {
    const uncounted = (number: number, value: number) => ({
      number,
      metrics: [{ name: 'ndcg@10', value, low: null, high: null }],
    });
    expect(whyClearlyWorse(uncounted(2, 0.4), uncounted(1, 0.5))).not.toBeNull();
  });

  it.each([
    ['no held-out users', version(2, 0, 0, 0), version(1, 0, 0, 0)],
    ['few of the new version', version(2, 0, 99), version(1, 0.5)],
    ['few of the live version', version(2, 0.05), version(1, 0.5, 12)],
    ['no figure of the live version', version(2, 0.05), withoutFigure],
    ['no figure of the new version', withoutFigure, version(1, 0.5)],
  ])('says nothing where the figures cannot be compared: %s', (_, next, live) => {
    expect(whyClearlyWorse(next, live)).toBeNull();
  });
});

describe('whyLower', () => {
  it('lets the higher figure replace the other', () => {
    expect(whyLower(version(3, 0.06), version(2, 0.05))).toBeNull();
    expect(whyLower(version(3, 0.06), withoutFigure)).toBeNull();
  });

  it('names both figures when it is lower or equal', () => {
    const why = 'ndcg@10: expected more than 0.0500 of version 2, which became active meanwhile, got';
    expect(whyLower(version(3, 0.04), version(2, 0.05))).toBe(`${why} 0.0400`);
    expect(whyLower(version(3, 0.05), version(2, 0.05))).toBe(`${why} 0.0500`);
    expect(whyLower(withoutFigure, version(2, 0.05))).toBe(`${why} none`);
  });
});
