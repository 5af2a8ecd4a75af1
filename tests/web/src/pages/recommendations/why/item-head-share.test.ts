import { itemHeadShare } from '../../../../../../web/src/pages/recommendations/why/item-head-share';

const USUAL = [{ name: 'item-head.share', value: 0.9 }];
const BOTH = [...USUAL, { name: 'seen-kept.item-head.share', value: 0.5 }];

describe('itemHeadShare', () => {
  it('is what validation chose', () => {
    expect(itemHeadShare(BOTH, { temperature: 0, seen: false })).toBe(0.9);
    expect(itemHeadShare([], { temperature: 0, seen: false })).toBe(0);
  });

  it('is another one for lists with seen items, where the version has such a one', () => {
    expect(itemHeadShare(BOTH, { temperature: 0, seen: true })).toBe(0.5);
    expect(itemHeadShare(USUAL, { temperature: 0, seen: true })).toBe(0.9);
  });

  it('is nothing in a list that is drawn', () => {
    expect(itemHeadShare(BOTH, { temperature: 0.5, seen: true })).toBe(0);
  });
});
