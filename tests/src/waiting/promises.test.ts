import { openOnce, shareRuns, withTimeout } from '../../../src/waiting/promises';

const NEVER = new Promise<never>(() => undefined);
const LONG_MS = 1_000_000;

describe('withTimeout', () => {
  it('gives what comes in time, an error too', async () => {
    expect(await withTimeout(LONG_MS, Promise.resolve('in time'), 'late')).toBe('in time');
    await expect(withTimeout(LONG_MS, Promise.reject(new Error('failed')), 'late')).rejects.toThrow('failed');
  });

  it('gives something else when nothing comes', async () => {
    expect(await withTimeout(1, NEVER, 'late')).toBe('late');
  });
});

describe('openOnce', () => {
  it('opens once for all calls', async () => {
    let opened = 0;
    const use = openOnce(async () => ++opened);
    expect(await Promise.all([use(), use()])).toEqual([1, 1]);
    expect(await use()).toBe(1);
  });

  it('tries again after a failure', async () => {
    let tries = 0;
    const use = openOnce(async () => {
      if (++tries === 1) throw new Error('no memory');
      return tries;
    });
    const first = await Promise.allSettled([use(), use()]);
    expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect([await use(), await use()]).toEqual([2, 2]);
  });
});

describe('shareRuns', () => {
  /** Work whose runs end when the test says so. */
  function work() {
    const runs: { resolve(): void; reject(error: Error): void }[] = [];
    const run = shareRuns(() => new Promise((resolve, reject) => runs.push({ resolve, reject })));
    return { runs, run };
  }
  const settled = () => new Promise(setImmediate);

  it('starts a run after each call, which the calls of its wait share', async () => {
    const { runs, run } = work();
    const ended: string[] = [];
    const call = (name: string) => run().then(() => ended.push(name));
    const first = call('first');
    await settled();
    const rest = [call('second'), call('third')];
    await settled();
    expect(runs).toHaveLength(1);
    runs[0].resolve();
    await first;
    await settled();
    expect(ended).toEqual(['first']); // the run that ended had begun before the others were called
    expect(runs).toHaveLength(2);
    runs[1].resolve();
    await Promise.all(rest);
    expect(ended).toEqual(['first', 'second', 'third']);
  });
});
