import { chunksOf } from '../../../models/math/chunks-of';

describe('chunksOf', () => {
  it('cuts a list into equal chunks and a shorter last one', () => {
    expect([...chunksOf([1, 2, 3, 4, 5], 2)]).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('gives no empty chunk', () => {
    expect([...chunksOf([1, 2], 2)]).toEqual([[1, 2]]);
    expect([...chunksOf([], 2)]).toEqual([]);
  });
});
