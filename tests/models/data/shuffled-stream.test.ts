import { ShuffledStream } from '../../../models/data/shuffled-stream';

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
