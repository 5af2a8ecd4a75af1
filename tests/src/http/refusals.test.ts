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

  it('lets many wait, and answers them in their order within a second', () => {
    const answered = refuse(1000);
    expect(answered.length).toBeLessThan(100);
    jest.advanceTimersByTime(300);
    expect(answered.length).toBeGreaterThan(400);
    expect(answered.length).toBeLessThan(700);
    jest.advanceTimersByTime(700);
    expect(answered).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });

  it('lets none wait longer than that, however many there are', () => {
    const answered = refuse(10_000);
    expect(answered.length).toBeGreaterThan(8000);
    jest.advanceTimersByTime(1100);
    expect(answered).toHaveLength(10_000);
  });
});
