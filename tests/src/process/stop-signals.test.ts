import { endAfter, onStopSignals } from '../../../src/process/stop-signals';

describe('onStopSignals', () => {
  let now = 0;
  let kill: jest.SpyInstance;
  const stop = jest.fn();

  beforeEach(() => {
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    kill = jest.spyOn(process, 'kill').mockReturnValue(true);
    stop.mockClear();
  });
  afterEach(() => {
    jest.restoreAllMocks();
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
  });

  it('stops once for one press that comes twice, and ends the process at the next one', () => {
    onStopSignals(stop);
    now = 5_000;
    process.emit('SIGINT', 'SIGINT');
    now = 7_900;
    process.emit('SIGINT', 'SIGINT'); // npm passes the terminal's on
    expect(stop).toHaveBeenCalledTimes(1);
    expect(kill).not.toHaveBeenCalled();
    now = 8_100;
    process.emit('SIGTERM', 'SIGTERM');
    expect(stop).toHaveBeenCalledTimes(1);
    expect(kill).toHaveBeenCalledWith(process.pid, 'SIGKILL');
  });

  it.each([
    ['SIGINT', 'SIGTERM'],
    ['SIGTERM', 'SIGINT'],
  ] as const)('ends the process at once when %s is followed by %s', (one, other) => {
    onStopSignals(stop);
    process.emit(one, one);
    process.emit(other, other);
    expect(stop).toHaveBeenCalledTimes(1);
    expect(kill).toHaveBeenCalledWith(process.pid, 'SIGKILL');
  });

  it.each([
    ['SIGHUP', 'SIGTERM'],
    ['SIGTERM', 'SIGHUP'],
    ['SIGHUP', 'SIGHUP'],
  ] as const)('stops once when a terminal that closes brings %s and %s', (one, other) => {
    onStopSignals(stop);
    process.emit(one, one);
    now += 2_000;
    process.emit(other, other);
    expect(stop).toHaveBeenCalledTimes(1);
    expect(kill).not.toHaveBeenCalled();
  });
});

describe('endAfter', () => {
  it('says so and ends the process when the time is over', () => {
    jest.useFakeTimers();
    const kill = jest.spyOn(process, 'kill').mockReturnValue(true);
    try {
      const tell = jest.fn();
      endAfter(1_000, tell);
      jest.advanceTimersByTime(999);
      expect(kill).not.toHaveBeenCalled();
      jest.advanceTimersByTime(1);
      expect(tell).toHaveBeenCalledWith(expect.stringContaining('expected all parts to end within 1000 ms'));
      expect(kill).toHaveBeenCalledWith(process.pid, 'SIGKILL');
    } finally {
      jest.restoreAllMocks();
      jest.useRealTimers();
    }
  });
});
