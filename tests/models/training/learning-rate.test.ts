import { scheduledRate } from '../../../models/training/learning-rate';

describe('scheduledRate', () => {
  const ratesOf = (config: { cooldown?: number }) =>
    [5, 10, 55, 73, 91, 100].map((step) => scheduledRate({ learningRate: 1, warmup: 0.1, ...config }, step, 100));
  const ratesOfAll = (totalSteps: number) =>
    Array.from({ length: totalSteps }, (_, i) =>
      scheduledRate({ learningRate: 1, warmup: 0, cooldown: 1 }, i + 1, totalSteps),
    );
  const closeTo = (...rates: number[]) => rates.map((rate) => expect.closeTo(rate, 6));

  it('rises linearly, stays, then falls linearly to zero', () => {
    expect(ratesOf({ cooldown: 0.4 })).toEqual(closeTo(0.5, 1, 1, 28 / 37, 10 / 37, 1 / 37));
  });

  it('learns from each step, however few there are', () => {
    expect([1, 2, 3].map(ratesOfAll)).toEqual([closeTo(1), closeTo(1, 1 / 2), closeTo(1, 2 / 3, 1 / 3)]);
  });

  it('stays zero after the last step, which a training may pass whose data have become fewer', () => {
    expect([101, 102, 250].map((step) => scheduledRate({ learningRate: 1, warmup: 0.1 }, step, 100))).toEqual([
      0, 0, 0,
    ]);
  });

  it('falls from the end of the warm-up in a job that says nothing of it', () => {
    expect(ratesOf({})).toEqual(closeTo(0.5, 1, 46 / 91, 28 / 91, 10 / 91, 1 / 91));
  });
});
