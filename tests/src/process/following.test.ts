import { createFollowing } from '../../../src/process/following';

describe('createFollowing', () => {
  let polls: string[];
  let isBroken: boolean;
  const logger = { error: jest.fn() };
  let following: ReturnType<typeof createFollowing>;

  beforeEach(() => {
    jest.useFakeTimers();
    [polls, isBroken] = [[], false];
    const poll = (name: string) => async () => void polls.push(name);
    const mayBreak = async () => {
      await poll('log')();
      if (isBroken) throw new Error('no answer');
    };
    following = createFollowing({
      log: { follow: mayBreak as never },
      followers: { poll: poll('followers') as never },
      progress: { follow: poll('events') as never },
      logger,
    });
    following.start();
  });
  afterEach(async () => {
    await following.dispose();
    jest.useRealTimers();
    jest.clearAllMocks();
  });

  /** @returns What looked for changes meanwhile, by name. */
  async function pollsIn(ms: number): Promise<string[]> {
    polls = [];
    await jest.advanceTimersByTimeAsync(ms);
    return polls.sort();
  }

  it('looks for changes within half a second', async () => {
    expect(await pollsIn(500)).toEqual(['events', 'followers', 'log']);
  });

  it('goes on with the others when one fails, says so once, and tries again', async () => {
    isBroken = true;
    const looked = await pollsIn(6_000);
    const times = (name: string) => looked.filter((each) => each === name).length;
    expect(times('events')).toBe(12);
    expect(times('log')).toBeGreaterThan(1);
    expect(logger.error).toHaveBeenCalledTimes(1);
  });
});
