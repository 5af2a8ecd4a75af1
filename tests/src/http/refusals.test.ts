import { Refusals } from '../../../src/http/refusals';

describe('Refusals', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  /** @returns Which refusals have been answered. */
  function refuse(count: number): number[] {
    const answered: number[] = [];
    const refusals = new Refusals();
    for (let i = 0; i < count; i++) refusals.add(() => answered.push(i));
    return answered;
  }

  it('answers a few at once', () => {
    expect(refuse(20)).toHaveLength(20);
  });

  it('lets many wait, and answers each once', () => {
    const answered = refuse(400);
    expect(answered.length).toBeLessThan(100);
    jest.advanceTimersByTime(300);
    expect(answered.length).toBeGreaterThan(150);
    expect(answered.length).toBeLessThan(250);
    jest.advanceTimersByTime(700);
    expect(answered.sort((a, b) => a - b)).toEqual(Array.from({ length: 400 }, (_, i) => i));
  });

  it('answers few before a second and a half, however many there are, and all within two and a half', () => {
    const answered = refuse(10_000);
    jest.advanceTimersByTime(1_490);
    expect(answered.length).toBeLessThan(900);
    jest.advanceTimersByTime(2_500 - 1_490 + 20);
    expect(answered).toHaveLength(10_000);
  });

  it('spreads those who were refused together over a second, with other work in between', () => {
    const answered = refuse(10_000);
    const [begin, tenths] = [performance.now(), new Array<number>(26).fill(0)];
    while (answered.length < 10_000) {
      const before = answered.length;
      jest.advanceTimersToNextTimer();
      expect(answered.length - before).toBeLessThanOrEqual(64);
      tenths[Math.floor((performance.now() - begin) / 100)] += answered.length - before;
    }
    // Those that were due first have been answered before, a few at a time.
    expect(tenths.slice(0, 16).reduce((sum, count) => sum + count)).toBeGreaterThan(500);
    for (const count of tenths.slice(16, 25)) expect(count).toBeGreaterThan(500);
  });
});
