import { steeringOf } from '../../../src/recommend/steering';
import { ITEM_IDS, openFusedShop } from '../../support/fused-shop';
import { useOpened } from '../../support/use-opened';

const shop = useOpened(openFusedShop);

const USER = 4;

/** @returns All items, as they are ranked without steering. */
async function allItems() {
  return (await shop.listFor(USER, { first: ITEM_IDS.length, includeSeen: true })).recommendations;
}

/** @returns The first codes of the list's items, the last item's first. */
const shelvesFromBelow = async () =>
  [...new Set((await allItems()).toReversed().map(({ itemId }) => shop.codesOf(itemId)[0]))].map((code) => [code]);

describe('a steered list', () => {
  it('has the order of the scores times the factors of the shelves, and leaves the scores as they are', async () => {
    const all = await allItems();
    const [up, down] = await shelvesFromBelow();
    const factorOf = (itemId: number) => {
      const [code] = shop.codesOf(itemId);
      return code === up[0] ? 8 : code === down[0] ? 1 / 8 : 1;
    };
    const expected = all
      .map(({ itemId, score }) => ({ itemId, score, rank: score + Math.log(factorOf(itemId)) }))
      .sort((a, b) => b.rank - a.rank);
    const options = { first: ITEM_IDS.length, includeSeen: true, more: [up], less: [down], steerWeight: 8 };
    const list = await shop.listFor(USER, options);
    expect(list.recommendations.map(({ itemId }) => itemId)).toEqual(expected.map(({ itemId }) => itemId));
    list.recommendations.forEach(({ score }, i) => expect(score).toBeCloseTo(expected[i].score, 5));
    expect(list.steeredBy).toEqual([
      { codes: up, weight: 8, text: null },
      { codes: down, weight: 1 / 8, text: null },
    ]);
  });

  it('brings a narrow beam to a shelf that it would not come to', async () => {
    const narrow = { first: 3, beamWidth: 3 };
    const { recommendations } = await shop.listFor(USER, narrow);
    const listed = new Set(recommendations.map(({ itemId }) => shop.codesOf(itemId)[0]));
    const shelf = (await shelvesFromBelow()).find(([code]) => !listed.has(code))!;
    const isOn = ({ itemId }: { readonly itemId: number }) => shop.codesOf(itemId)[0] === shelf[0];
    const steered = await shop.listFor(USER, { ...narrow, more: [shelf], steerWeight: 1e6 });
    expect(steered.recommendations.filter(isOn)).toHaveLength(3);
    const why = await shop.whyNot(USER, recommendations[0].itemId, { ...narrow, more: [shelf], steerWeight: 1e6 });
    expect(why).toMatchObject({ reasons: ['STEERED'], wouldHelp: [{ text: expect.stringContaining('number 1') }] });
  });
});

describe('steeringOf', () => {
  it('says what a text was understood as, and what was not', async () => {
    const find = async () => [
      { text: 'outdoor', isLess: false, prefixes: [[1], [2, 3]] },
      { text: 'glass', isLess: true, prefixes: [] },
    ];
    expect(await steeringOf({ first: 1, steer: 'outdoor, no glass', steerWeight: 4 }, { find })).toEqual([
      { codes: [1], weight: 4, text: 'outdoor' },
      { codes: [2, 3], weight: 4, text: 'outdoor' },
      { codes: null, weight: 0.25, text: 'glass' },
    ]);
    await expect(steeringOf({ first: 1, steer: 'x' }, { find: async () => null })).rejects.toThrow('options.steer');
  });
});
