import { itemHeadShare, likelyCodes } from '../../../../../../web/src/pages/recommendations/why/likely-codes';

describe('likelyCodes', () => {
  it('names each code once, with its likeliest item and its probability', () => {
    const node = (id: string, code: number, probability: number) => ({
      item: { id, externalId: id, title: `Item ${id}` },
      explanation: [
        { level: 0, code: 9, logProbability: 0 },
        { level: 1, code, logProbability: Math.log(probability) },
      ],
    });
    const withoutPath = { item: { id: 'x', externalId: 'x', title: 'Item x' }, explanation: [] };
    const codes = likelyCodes({ nodes: [node('a', 3, 0.2), withoutPath, node('b', 5, 0.7), node('c', 3, 0.2)] }, 1);
    expect(codes.map(({ code, example }) => [code, example])).toEqual([
      [5, 'Item b'],
      [3, 'Item a'],
    ]);
    expect(codes[0].probability).toBeCloseTo(0.7);
  });
});

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
