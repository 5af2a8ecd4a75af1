import { SilenceWatch } from '../../../src/workers/silence-watch';

describe('SilenceWatch', () => {
  let pings: number;
  let wasSilent: boolean;
  let watch: SilenceWatch;

  beforeEach(() => {
    jest.useFakeTimers();
    [pings, wasSilent] = [0, false];
    const ping = () => pings++;
    watch = new SilenceWatch({ everyMs: 1_000, maxPings: 3 }, ping, () => (wasSilent = true));
  });
  afterEach(() => jest.useRealTimers());

  it('tells of a thread that answers no ping', () => {
    watch.begin();
    jest.advanceTimersByTime(3_500);
    expect([pings, wasSilent]).toEqual([3, false]);
    jest.advanceTimersByTime(1_000);
    expect([pings, wasSilent]).toEqual([3, true]);
  });

  it('lets a thread take its time that says something now and then', () => {
    watch.begin();
    for (let i = 0; i < 10; i++) {
      jest.advanceTimersByTime(2_000);
      watch.heard();
    }
    expect([pings, wasSilent]).toEqual([20, false]);
  });

  it('asks nothing of a thread from which nobody expects anything', () => {
    watch.begin();
    jest.advanceTimersByTime(2_000);
    watch.end();
    jest.advanceTimersByTime(60_000);
    expect([pings, wasSilent]).toEqual([2, false]);
  });
});
