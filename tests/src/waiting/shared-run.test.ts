import { shareRuns } from '../../../src/waiting/promises';

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

  it('rejects the calls of a run that failed, and runs anew for the next ones', async () => {
    const { runs, run } = work();
    const first = expect(run()).rejects.toThrow('EIO');
    await settled();
    const second = run();
    runs[0].reject(new Error('EIO'));
    await first;
    await settled();
    runs[1].resolve();
    await expect(second).resolves.toBeUndefined();
    const third = run();
    await settled();
    expect(runs).toHaveLength(3);
    runs[2].resolve();
    await third;
  });
});
