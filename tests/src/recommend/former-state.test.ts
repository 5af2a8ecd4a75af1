import { withRemoved } from '../../../src/recommend/former-state';

describe('withRemoved', () => {
  it('brings removed items back into lists of a large shop', () => {
    const even = Int32Array.from({ length: 200_000 }, (_, i) => 2 * i);
    const then = { time: new Date(), catalogueVersion: 1, modelVersionId: 1, removedSince: [7, 2] };
    const { itemIds } = withRemoved({ id: 1, itemIds: even }, {}, then)!;
    expect([itemIds.length, ...itemIds.subarray(2, 6)]).toEqual([200_001, 4, 6, 7, 8]);
  });
});
