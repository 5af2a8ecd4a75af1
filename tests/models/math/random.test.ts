import { createRandom, ShuffledStream } from '../../../models/math/random';

const draw = (seed: number, stream = 0, n = 20_000) => {
  const random = createRandom(seed, stream);
  return Array.from({ length: n }, () => random.next());
};
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('createRandom', () => {
  it('spreads evenly over [0, 1), whatever the seed', () => {
    for (const seed of [0, 1, -1, 2 ** 31]) {
      const values = draw(seed);
      expect(Math.abs(mean(values) - 0.5)).toBeLessThan(0.01);
      const tenths = new Array<number>(10).fill(0);
      for (const value of values) tenths[Math.floor(value * 10)]++;
      for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(200);
    }
  });
});

describe('ShuffledStream', () => {
  it('visits every row once a pass, in another order each time', () => {
    const stream = new ShuffledStream(10, 1);
    const passes = [0, 1, 2].map((pass) => [...stream.take(pass * 10, 10)]);
    for (const pass of passes) expect(pass.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(passes.map(String)).size).toBe(3);
  });

  it('answers any stretch alike, whatever was asked before', () => {
    const stream = new ShuffledStream(7, 2);
    const whole = [...stream.take(0, 40)];
    expect([...stream.take(5, 9)]).toEqual(whole.slice(5, 14));
    expect([...new ShuffledStream(7, 2).take(30, 10)]).toEqual(whole.slice(30));
    expect([...new ShuffledStream(7, 3).take(0, 40)]).not.toEqual(whole);
  });
});
