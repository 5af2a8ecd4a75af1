import { Counts } from '../../../models/math/counts';

describe('Counts', () => {
  it('counts each key by itself, and forgets a key whose count comes to 0', () => {
    const counts = new Counts();
    counts.add('a', 2);
    counts.add('b', 1);
    counts.add('a', -1);
    counts.add('b', -1);
    expect([counts.of('a'), counts.of('b'), counts.of('c')]).toEqual([1, 0, 0]);
    expect([counts.keys, counts.size]).toEqual([['a'], 1]);
  });
});
