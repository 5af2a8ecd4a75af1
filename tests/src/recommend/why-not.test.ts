import type { RecommendationRecord } from '../../../graphql/recommendation/records';
import { ITEM_IDS, openFusedShop } from '../../support/fused-shop';
import { useOpened } from '../../support/use-opened';

const shop = useOpened(openFusedShop);

type Written = Pick<RecommendationRecord, 'codes' | 'logProbabilities'>;

const sumUpTo = (level: number, { logProbabilities }: Written) =>
  logProbabilities.slice(0, level + 1).reduce((sum, one) => sum + one, 0);

/** @returns The codes that a beam of 1 writes: at each level the likeliest that continues those before. */
function greedyCodes(all: readonly Written[]): number[] {
  const codes: number[] = [];
  for (let level = 0; level < all[0].codes.length; level++) {
    const open = all.filter((one) => codes.every((code, at) => one.codes[at] === code));
    codes.push(open.toSorted((a, b) => sumUpTo(level, b) - sumUpTo(level, a))[0].codes[level]);
  }
  return codes;
}

describe('WhyNot', () => {
  it('names the placement where its rules bury the item, or give its place to another one', async () => {
    const [best, next] = (await shop.listFor(2, { first: 2 })).recommendations.map(({ itemId }) => itemId);
    const bury = { boost: { filter: { externalIds: [String(best)] }, factor: 0.01 } };
    for (const action of [bury, { pin: { itemId: next, place: 1 } }]) {
      const args = { first: 1, placement: 'home', draft: { rules: [{ action }] } };
      expect(await shop.whyNot(2, best, args)).toMatchObject({
        ...{ reasons: ['PLACEMENT'], wouldHelp: [{ change: 'CHANGE_PLACEMENT' }] },
      });
      expect(await shop.whyNot(2, next, args)).toMatchObject({ reasons: ['LISTED'] });
    }
  });

  it('says where a beam of 1 dropped an item, and how wide a beam keeps it', async () => {
    const args = { first: 1, beamWidth: 1 };
    const lost: number[] = [];
    for (const user of [...shop.histories.keys()].slice(0, 10)) {
      const { recommendations } = await shop.listFor(user, { first: ITEM_IDS.length });
      const eligible = recommendations.filter(({ codes }) => codes.length > 0);
      const greedy = greedyCodes(eligible);
      for (const one of eligible.slice(0, 5)) {
        const { reasons, beam, wouldHelp } = (await shop.whyNot(user, one.itemId, args))!;
        if (beam === null) continue;
        lost.push(one.itemId);
        const level = one.codes.findIndex((code, at) => code !== greedy[at]);
        expect({ reasons, beam }).toMatchObject({
          reasons: ['BEAM'],
          beam: { level, codes: one.codes.slice(0, level + 1) },
        });
        expect(beam.logProbability).toBeCloseTo(sumUpTo(level, one), 4);
        expect(beam.lastKept).toBeGreaterThan(beam.logProbability);
        const [{ change, text }] = wouldHelp;
        const number = Number(/\d+/.exec(text)![0]);
        const helped = change === 'WIDER_BEAM' ? { first: 1, beamWidth: number } : { first: number, beamWidth: 200 };
        const kept = await shop.listFor(user, helped);
        expect(kept.recommendations.at(-1)!.itemId).toBe(one.itemId);
      }
    }
    expect(lost.length).toBeGreaterThan(0);
  }, 60_000);
});
