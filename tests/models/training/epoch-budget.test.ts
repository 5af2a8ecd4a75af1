import { epochsFor, hasTimeForTwo } from '../../../models/training/epoch-budget';

describe('epochsFor', () => {
  it('has all epochs where an epoch is short', () => {
    expect([0, 131_413, 1_000_000].map((targets) => epochsFor(10, targets))).toEqual([10, 10, 10]);
    expect(epochsFor(1, 1e9)).toBe(1);
  });

  it('has half as many epochs for four times the targets, and two at least', () => {
    expect([4e6, 16e6, 1e9].map((targets) => epochsFor(20, targets))).toEqual([10, 5, 2]);
    expect(epochsFor(8, 16e6)).toBe(2);
  });
});

describe('hasTimeForTwo', () => {
  it('leaves the second model out where an epoch is long', () => {
    expect([131_413, 250_000, 250_001].map(hasTimeForTwo)).toEqual([true, true, false]);
  });
});
