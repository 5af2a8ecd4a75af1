import { likelyCodes } from '../../../../../../web/src/pages/recommendations/why/likely-codes';

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
