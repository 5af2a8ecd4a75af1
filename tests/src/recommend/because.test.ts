import { ITEM_IDS, openFusedShop } from '../../support/fused-shop';
import { useOpened } from '../../support/use-opened';

const shop = useOpened(openFusedShop);

/** @returns The score of every item for a visitor with these items. */
async function scoresFor(history: readonly number[]): Promise<Map<number, number>> {
  const { recommendations } = await shop.listForHistory(history, { first: ITEM_IDS.length, includeSeen: true });
  return new Map(recommendations.map(({ itemId, score }) => [itemId, score]));
}

describe('Recommender.because', () => {
  it('gives the drop between the list of the whole history and that without the item', async () => {
    const [a, b, c] = [...new Set(shop.histories.get(3))];
    const history = [a, b, a, c]; // without `a` both of its events are gone
    const whole = await scoresFor(history);
    const best = [...whole.keys()].slice(0, 5);
    const because = await shop.because(history, best);
    const others = new Map([
      [a, await scoresFor([b, c])],
      [b, await scoresFor([a, a, c])],
      [c, await scoresFor([a, b, a])],
    ]);
    for (const itemId of best) {
      const expected = [a, b, c]
        .map((left) => ({ itemId: left, drop: whole.get(itemId)! - others.get(left)!.get(itemId)! }))
        .filter(({ drop }) => drop > 0)
        .sort((one, other) => other.drop - one.drop);
      const found = because.get(itemId)!;
      expect(found.map((each) => each.itemId)).toEqual(expected.map((each) => each.itemId));
      found.forEach(({ drop }, i) => expect(drop).toBeCloseTo(expected[i].drop, 3));
    }
    expect([...because.values()].flat().length).toBeGreaterThan(0);
  });

  it('names the only item of a history without a drop', async () => {
    const [itemId] = ITEM_IDS;
    const because = await shop.because([itemId], [ITEM_IDS[5]]);
    expect(because.get(ITEM_IDS[5])).toMatchObject([{ itemId, drop: null, kind: 'VIEW' }]);
  });
});
