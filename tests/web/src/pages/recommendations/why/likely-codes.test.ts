import { headShares, likelyCodes } from '../../../../../../web/src/pages/recommendations/why/likely-codes';

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

const figure = (name: string, value: number) => ({ name, value });
const USUAL = [figure('share.decoder', 0.1), figure('share.itemHead', 0.4)];
const BOTH = [...USUAL, figure('seen-kept.share.decoder', 0.2), figure('seen-kept.share.itemHead', 0.3)];

describe('headShares', () => {
  it('is what validation chose', () => {
    expect(headShares(BOTH, { temperature: 0 }, { includesSeen: false })).toEqual({ decoder: 0.1, itemHead: 0.4 });
    expect(headShares([], { temperature: 0 }, { includesSeen: false })).toEqual({ decoder: 0, itemHead: 0 });
  });

  it('is another one for lists with seen items, where the version has such a one', () => {
    expect(headShares(BOTH, { temperature: 0 }, { includesSeen: true })).toEqual({ decoder: 0.2, itemHead: 0.3 });
    expect(headShares(USUAL, { temperature: 0 }, { includesSeen: true })).toEqual({ decoder: 0.1, itemHead: 0.4 });
  });

  it('is the decoder alone in a list that is drawn', () => {
    expect(headShares(BOTH, { temperature: 0.5 }, { includesSeen: true })).toEqual({ decoder: 1, itemHead: 0 });
  });
});
