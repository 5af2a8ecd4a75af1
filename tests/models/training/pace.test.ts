import { Pace } from '../../../models/training/pace';

const START = Date.UTC(2026, 0, 1);

beforeEach(() => jest.useFakeTimers({ now: START }));
afterEach(() => jest.useRealTimers());
const passed = (ms: number) => jest.setSystemTime(START + ms);

describe('Pace', () => {
  it('reports the mean loss since the last report, or the last one again', () => {
    const pace = new Pace(0, 10);
    for (const loss of [4, 2]) pace.add(loss, 1);
    expect(pace.take(2).loss).toBe(3);
    expect(pace.take(2).loss).toBe(3);
    pace.add(1, 1);
    expect(pace.take(3).loss).toBe(1);
  });

  it('measures the speed of this run alone', () => {
    const pace = new Pace(40, 100); // 40 steps were done before the process was stopped
    for (let i = 0; i < 20; i++) pace.add(1, 32);
    passed(10_000);
    // 640 rows in 10 s; 20 steps took 10 s, and 40 are left.
    expect(pace.take(60)).toMatchObject({ step: 60, totalSteps: 100, examplesPerSecond: 64, secondsLeft: 20 });
  });

  it('has a figure before the first step too', () => {
    const { loss, examplesPerSecond, secondsLeft } = new Pace(0, 10).take(0);
    expect([loss, examplesPerSecond, secondsLeft].every(Number.isFinite)).toBe(true);
  });

  it('reports at each hundredth, at the end, and else each half second', () => {
    const pace = new Pace(0, 1000);
    pace.take(1);
    expect([10, 11, 995, 1000].map((step) => pace.isReportDue(step))).toEqual([true, false, false, true]);
    passed(499);
    expect(pace.isReportDue(11)).toBe(false);
    passed(500);
    expect(pace.isReportDue(11)).toBe(true);
  });

  it('reports every step of a short training', () => {
    const pace = new Pace(0, 60);
    pace.take(0);
    expect([1, 2, 59].every((step) => pace.isReportDue(step))).toBe(true);
  });

  it('saves twenty seconds after the last save', async () => {
    const saves = await savesAt([19_999, 20_000, 20_001, 39_999, 40_000], 0);
    expect(saves).toEqual([20_000, 40_000]);
  });

  it('trains ten times as long as a save takes before the next one', async () => {
    const saves = await savesAt([20_000, 50_000, 50_001, 349_999, 350_000], 30_000);
    expect(saves).toEqual([20_000, 350_000]);
  });

  /** @returns At which of these times a save began, if each takes so long. */
  async function savesAt(times: readonly number[], saveMs: number): Promise<number[]> {
    const pace = new Pace(0, 10);
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
