import { scheduledRate } from '../../../models/training/learning-rate';

describe('scheduledRate', () => {
  const ratesOf = (config: { cooldown?: number }) =>
    [5, 10, 55, 73, 91, 100].map((step) => scheduledRate({ learningRate: 1, warmup: 0.1, ...config }, step, 100));
  const closeTo = (...rates: number[]) => rates.map((rate) => expect.closeTo(rate, 6));

  it('rises linearly, stays, then falls linearly to zero', () => {
    expect(ratesOf({ cooldown: 0.4 })).toEqual(closeTo(0.5, 1, 1, 0.75, 0.25, 0));
  });

  it('falls from the end of the warm-up in a job that says nothing of it', () => {
    expect(ratesOf({})).toEqual(closeTo(0.5, 1, 0.5, 0.3, 0.1, 0));
  });
});
