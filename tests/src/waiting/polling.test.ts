import { type Poller, startPolling } from '../../../src/waiting/polling';

const INTERVAL_MS = 1_000;

describe('startPolling', () => {
  let polls: number;
  let failures: unknown[];
  let answer: () => Promise<boolean>;
  let poller: Poller;

  beforeEach(() => {
    jest.useFakeTimers();
    [polls, failures, answer] = [0, [], async () => false];
    const poll = () => {
      polls++;
      return answer();
    };
    poller = startPolling(poll, { intervalMs: INTERVAL_MS, onFailure: (error) => failures.push(error) });
  });
  afterEach(async () => {
    await poller.dispose();
    jest.useRealTimers();
  });

  /** @returns How many polls began meanwhile. */
  async function pollsIn(ms: number): Promise<number> {
    const before = polls;
    await jest.advanceTimersByTimeAsync(ms);
    return polls - before;
  }

  it('polls at the interval, the first time after one', async () => {
    expect(await pollsIn(999)).toBe(0);
    expect(await pollsIn(1)).toBe(1);
    expect(await pollsIn(5_000)).toBe(5);
  });

  it('polls again at once as long as there is more to do', async () => {
    answer = async () => polls < 4;
    expect(await pollsIn(1_010)).toBe(4);
    expect(await pollsIn(900)).toBe(0);
  });

  it('waits twice as long after each failure, ten seconds at most, and tells of the first alone', async () => {
    answer = () => Promise.reject(new Error('away'));
    await pollsIn(1_000);
    const waits = [2_000, 4_000, 8_000, 10_000, 10_000];
    for (const waitMs of waits) expect([await pollsIn(waitMs - 1), await pollsIn(1)]).toEqual([0, 1]);
    expect(failures).toEqual([new Error('away')]);
  });

  it('polls no more once it is disposed, which waits for the poll that runs', async () => {
    let finish = (_hasMore: boolean) => {};
    answer = () => new Promise((resolve) => (finish = resolve));
    await pollsIn(1_000);
    let isDisposed = false;
    const disposal = poller.dispose().then(() => (isDisposed = true));
    await pollsIn(100);
    expect(isDisposed).toBe(false);
    finish(true);
    await disposal;
    expect(await pollsIn(60_000)).toBe(0);
  });
});
