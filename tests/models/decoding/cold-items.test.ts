import { rankColdItems } from '../../../models/decoding/cold-items';

const near = [
  { itemId: 1, nearness: 0.5 },
  { itemId: 2, nearness: 0.4 },
  { itemId: 3, nearness: 0.1 },
];
const rank = (scores: Record<number, number | null>) => rankColdItems(near, (itemId) => scores[itemId]);

describe('rankColdItems', () => {
  it('goes by nearness where the decoder holds all for equally likely', () => {
    expect(rank({ 1: -9, 2: -9, 3: -9 })).toEqual([1, 2, 3]);
  });

  it('weighs a cosine of a tenth as much as six nats', () => {
    expect(rank({ 1: -9, 2: -2.9, 3: -9 })[0]).toBe(2);
    expect(rank({ 1: -9, 2: -3.1, 3: -9 })[0]).toBe(1);
  });

  it('puts last what the decoder has not come to, nearest first', () => {
    expect(rank({ 1: null, 2: null, 3: -99 })).toEqual([3, 1, 2]);
  });
});
