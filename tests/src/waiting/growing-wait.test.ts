import { Backoff } from '../../../src/waiting/polling';

describe('Backoff', () => {
  it('doubles after each failure, up to its limit', () => {
    const wait = new Backoff(100, 500);
    expect([1, 2, 3, 4, 5].map(() => wait.afterFailure())).toEqual([100, 200, 400, 500, 500]);
  });

  it('begins anew after a success', () => {
    const wait = new Backoff(2, 30);
    wait.afterFailure();
    wait.afterFailure();
    wait.afterSuccess();
    expect([wait.afterFailure(), wait.afterFailure()]).toEqual([2, 4]);
  });

  it('says whether it is failing', () => {
    const wait = new Backoff(1, 2);
    expect(wait.isFailing).toBe(false);
    wait.afterFailure();
    expect(wait.isFailing).toBe(true);
    wait.afterSuccess();
    expect(wait.isFailing).toBe(false);
  });

  it('stays at its limit however often it fails', () => {
    const wait = new Backoff(1, 60);
    for (let n = 0; n < 2_000; n++) wait.afterFailure();
    expect(wait.afterFailure()).toBe(60);
  });
});
