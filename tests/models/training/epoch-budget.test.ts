import { epochsFor } from '../../../models/training/epoch-budget';

describe('epochsFor', () => {
  it('has all epochs where an epoch is short', () => {
    expect([0, 131_413, 250_000].map((targets) => epochsFor(20, targets))).toEqual([20, 20, 20]);
    expect(epochsFor(1, 1e9)).toBe(1);
  });

  it('has half as many epochs for four times the targets, and two at least', () => {
    expect([1e6, 4.4e6, 1e9].map((targets) => epochsFor(20, targets))).toEqual([10, 5, 2]);
    expect(epochsFor(8, 4.4e6)).toBe(2);
  });
});
