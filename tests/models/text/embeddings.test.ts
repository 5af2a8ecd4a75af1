import { embeddingFault } from '../../../models/text/embeddings';

describe('embeddingFault', () => {
  it('finds nothing wrong with finite numbers of which one is not zero', () => {
    expect(embeddingFault([0, -1e-30, 0])).toBeNull();
  });

  it.each([
    [[1, NaN], 'finite numbers', 'NaN'],
    [[1, -Infinity], 'finite numbers', '-Infinity'],
    [[1, 1e39], 'finite numbers', '1e+39'], // infinite as float32
    [[0, 0], 'numbers that are not all zero', 'zeros'],
    [[0, 1e-60], 'numbers that are not all zero', 'zeros'], // zero as float32
    [[], 'numbers that are not all zero', 'zeros'],
  ])('refuses %j', (embedding, expected, got) => {
    expect(embeddingFault(embedding)).toEqual({ expected, got });
  });
});
