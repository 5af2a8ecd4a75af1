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

  it('lets many wait, and answers them in their order', () => {
    const answered = refuse(400);
    expect(answered.length).toBeLessThan(100);
    jest.advanceTimersByTime(300);
    expect(answered.length).toBeGreaterThan(150);
    expect(answered.length).toBeLessThan(250);
    jest.advanceTimersByTime(700);
    expect(answered).toEqual(Array.from({ length: 400 }, (_, i) => i));
  });

  it('lets none wait much longer than a second, and answers few before, however many there are', () => {
    const answered = refuse(10_000);
    jest.advanceTimersByTime(900);
    expect(answered.length).toBeLessThan(600);
    jest.advanceTimersByTime(200);
    expect(answered).toHaveLength(10_000);
  });
});
