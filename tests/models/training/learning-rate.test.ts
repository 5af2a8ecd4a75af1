import { scheduledRate } from '../../../models/training/learning-rate';

describe('scheduledRate', () => {
  const rate = (step: number) => scheduledRate({ learningRate: 1, warmup: 0.1 }, step, 100);

  it('rises linearly, then falls as a cosine to zero', () => {
    expect([rate(5), rate(10), rate(55), rate(100)]).toEqual([0.5, 1, 0.5, 0].map((value) => expect.closeTo(value, 6)));
  });
});
