import { Pace } from '../../../models/training/pace';

let start: number;

beforeEach(() => {
  jest.useFakeTimers();
  start = performance.now();
});
afterEach(() => jest.useRealTimers());
const passed = (ms: number) => jest.advanceTimersByTime(start + ms - performance.now());
const stepsEvery = (ms: number, pace: Pace, steps: number) => {
  for (let i = 0; i < steps; i++) {
    jest.advanceTimersByTime(ms);
    pace.add(1, 32);
  }
};

describe('Pace', () => {
  it('measures the speed of this run alone', () => {
    const pace = new Pace(100); // 40 steps were done before the process was stopped
    stepsEvery(500, pace, 21);
    // 32 rows in half a second, and 39 steps are left.
    expect(pace.take(61)).toMatchObject({ step: 61, totalSteps: 100, examplesPerSecond: 64, secondsLeft: 19.5 });
  });

  it('reports at each hundredth, at the end, and else each half second', () => {
    const pace = new Pace(1000);
    pace.take(1);
    expect([10, 11, 995, 1000].map((step) => pace.isReportDue(step))).toEqual([true, false, false, true]);
    passed(499);
    expect(pace.isReportDue(11)).toBe(false);
    passed(500);
    expect(pace.isReportDue(11)).toBe(true);
  });

  it('trains twenty times as long as a save takes before the next one', async () => {
    const saves = await savesAt([20_000, 50_000, 50_001, 649_999, 650_000], 30_000);
    expect(saves).toEqual([20_000, 650_000]);
  });

  /** @returns At which of these times a save began, if each takes so long. */
  async function savesAt(times: readonly number[], saveMs: number): Promise<number[]> {
    const pace = new Pace(10);
    const saves: number[] = [];
    for (const time of times) {
      passed(time);
      await pace.saveWhenDue(async () => {
        saves.push(time);
        passed(time + saveMs);
      });
    }
    return saves;
  }
});
