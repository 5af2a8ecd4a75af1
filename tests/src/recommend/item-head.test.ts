/** Lists of both heads, from a model that was really trained, through the recommender and its worker thread. */
import fc from 'fast-check';

import type { RecommendationList, RecommendationRecord } from '../../../graphql/recommendation/records';
import { openFusedShop, ITEM_IDS, NEVER_BOUGHT, SHARE, type FusedShop } from '../../support/fused-shop';
import { familyVector } from '../../support/little-shop';
import { useOpened } from '../../support/use-opened';

const NEWCOMER = 900;

const shop = useOpened(openFusedShop);

const idsOf = ({ recommendations }: RecommendationList) => recommendations.map(({ itemId }) => itemId);

/** One user after another: all at once are an overload for a slow machine. */
async function listsOfAll(args: Parameters<FusedShop['listFor']>[1]): Promise<RecommendationList[]> {
  const lists: RecommendationList[] = [];
  for (const user of shop.histories.keys()) lists.push(await shop.listFor(user, args));
  return lists;
}

/** Adds the item for as long as `look` looks. */
async function withNewcomer(look: () => Promise<void>): Promise<void> {
  const codes = [...(await shop.encode(familyVector(2, 999))), 7]; // the last token of its group: free
  await shop.change([{ itemId: NEWCOMER, before: null, after: codes }]);
  await look();
  await shop.change([{ itemId: NEWCOMER, before: codes, after: null }]);
}

describe('a list of both heads', () => {
  it('has items of each, with what each gave and the mixture as the score', async () => {
    const lists = await listsOfAll({ first: 10 });
    const all = lists.flatMap(({ recommendations }) => recommendations);
    expect(new Set(all.map(({ source }) => source))).toEqual(new Set(['GENERATED', 'ITEM_HEAD']));
    for (const one of all) {
      const [written, known] = [partOf(one.decoderScore, 1 - SHARE), partOf(one.itemHeadScore, SHARE)];
      expect(one.score).toBeCloseTo(Math.log(written + known), 8);
      expect(one.source).toBe(written >= known ? 'GENERATED' : 'ITEM_HEAD');
      expectExplained(one);
    }
    const scores = lists.map(({ recommendations }) => recommendations.map(({ score }) => score));
    for (const ofList of scores) expect(ofList).toEqual([...ofList].sort((a, b) => b - a));
  });

  it('moves boosted items up and gives pins their places, each with the mixture of its parts as the score', async () => {
    const all = idsOf(await shop.listFor(1, { first: 40 }));
    const whole = all.filter((itemId) => itemId !== NEVER_BOUGHT); // no part knows it
    const [low, pinned] = [whole.slice(-3).sort(), whole[20]];
    const boost = { filter: { externalIds: low.map(String) }, factor: 100 };
    const rules = [{ action: { boost } }, { action: { pin: { itemId: pinned, place: 2 } } }];
    const list = await shop.listFor(1, { first: 10, placement: 'home', draft: { rules } });
    const ids = idsOf(list);
    expect([ids.length, ids[1]]).toEqual([10, pinned]);
    expect(low.filter((itemId) => !ids.includes(itemId))).toEqual([]);
    for (const { itemId, score, decoderScore, itemHeadScore, rules: applied = [] } of list.recommendations) {
      expect(score).toBeCloseTo(Math.log(partOf(decoderScore, 1 - SHARE) + partOf(itemHeadScore, SHARE)), 8);
      const kinds = [...(itemId === pinned ? ['PIN'] : []), ...(low.includes(itemId) ? ['BOOST'] : [])];
      expect(applied.map(({ kind }) => kind)).toEqual(kinds);
    }
    const plain = new Map((await shop.listFor(1, { first: 10 })).recommendations.map((one) => [one.itemId, one.score]));
    for (const { itemId, score } of list.recommendations) expect(score).toBeCloseTo(plain.get(itemId) ?? score, 8);
  });

  it('explains an item that the beam has not come to by the item head alone', async () => {
    // A beam of 20 hypotheses does not reach most of the catalogue.
    const lists = await listsOfAll({ first: 20, beamWidth: 1 });
    const unwritten = lists.flatMap(({ recommendations }) => recommendations).filter(({ codes }) => codes.length === 0);
    expect(unwritten.length).toBeGreaterThan(0);
    for (const one of unwritten) expect(one).toMatchObject({ source: 'ITEM_HEAD', decoderScore: null });
  });

  it("is the decoder's alone when it is sampled", async () => {
    const { recommendations } = await shop.listFor(1, { first: 20, temperature: 1, seed: 3 });
    expect(recommendations).toHaveLength(20);
    for (const one of recommendations) {
      expect(one.source).toBe('GENERATED');
      expect(one.score).toBeCloseTo(one.decoderScore!, 8);
    }
  });

  it('keeps to the filter, and has no item that the user had, that is gone or that comes twice, and is full', async () => {
    const items = fc.subarray(ITEM_IDS, { minLength: 1 });
    const args = fc.record({
      first: fc.integer({ min: 1, max: 30 }),
      beamWidth: fc.integer({ min: 1, max: 30 }),
      includeSeen: fc.boolean(),
      temperature: fc.constantFrom(0, 0, 1),
      coldStartShare: fc.constantFrom(0, 0, 0.3),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(39),
        fc.option(items, { nil: undefined }),
        fc.subarray(ITEM_IDS, { maxLength: 20 }),
        args,
        async (user, only, removed, args) => {
          await shop.change(removed.map((itemId) => ({ itemId, before: shop.codesOf(itemId), after: null })));
          const list = idsOf(await shop.listFor(user, { ...args, only }));
          await shop.change(removed.map((itemId) => ({ itemId, before: null, after: shop.codesOf(itemId) })));
          const barred = new Set([...removed, ...(args.includeSeen ? [] : shop.histories.get(user)!)]);
          const qualifying = new Set((only ?? ITEM_IDS).filter((itemId) => !barred.has(itemId)));
          expect(list.filter((itemId) => !qualifying.has(itemId))).toEqual([]);
          expect(new Set(list).size).toBe(list.length);
          expect(list).toHaveLength(Math.min(args.first, qualifying.size));
        },
      ),
      { numRuns: 60 },
    );
  }, 120_000);
});

describe('a list for a history whose items have no semantic IDs', () => {
  it('has popular items: there is nothing for the model to read', async () => {
    const { recommendations } = await shop.listForHistory([NEWCOMER, NEWCOMER + 1], { first: 5, coldStartShare: 0.4 });
    expect(recommendations.map(({ source }) => source)).toEqual(Array(5).fill('POPULARITY'));
  });
});

describe('an item that came after the training', () => {
  it('is generated: the item head does not know it', async () => {
    await withNewcomer(async () => {
      const { recommendations } = await shop.listFor(2, { first: 100 });
      const newcomer = recommendations.find(({ itemId }) => itemId === NEWCOMER);
      expect(newcomer).toMatchObject({ source: 'GENERATED', itemHeadScore: null });
      expect(newcomer!.score).toBeCloseTo(newcomer!.decoderScore! + Math.log(1 - SHARE), 8);
    });
  });

  it('has a place kept for it, beside an item that was never bought, which the item head does not know either', async () => {
    await withNewcomer(async () => {
      const { recommendations } = await shop.listFor(2, { first: 10, coldStartShare: 0.2 });
      const cold = recommendations.filter(({ source }) => source === 'COLD_START');
      expect(new Set(cold.map(({ itemId }) => itemId))).toEqual(new Set([NEWCOMER, NEVER_BOUGHT]));
      for (const one of cold) expect(one).toMatchObject({ itemHeadScore: null, decoderScore: expect.any(Number) });
    });
  });
});

describe('an item with another semantic ID', () => {
  it('keeps its item vector, and is written anew', async () => {
    const user = 3;
    const itemId = ITEM_IDS.find((one) => !shop.histories.get(user)!.includes(one) && one !== NEVER_BOUGHT)!;
    const find = async () => (await shop.listFor(user, { first: 1, only: [itemId] })).recommendations[0];
    const before = await find();
    const codes = [7, 7, 7];
    await shop.change([{ itemId, before: shop.codesOf(itemId), after: codes }]);
    const after = await find();
    await shop.change([{ itemId, before: codes, after: shop.codesOf(itemId) }]);
    expect(after.itemHeadScore).toBeCloseTo(before.itemHeadScore!, 6);
    expect(after.codes).toEqual(codes);
    expect(after.decoderScore).not.toBeCloseTo(before.decoderScore!, 3);
  });
});

function partOf(score: number | null, share: number): number {
  return score === null ? 0 : share * Math.exp(score);
}

/** The codes are the item's ID, and their log-probabilities add up to the decoder's score; without a score there are none. */
function expectExplained({ itemId, codes, logProbabilities, decoderScore }: RecommendationRecord): void {
  if (decoderScore === null) return expect([codes, logProbabilities]).toEqual([[], []]);
  expect(codes).toEqual(shop.codesOf(itemId));
  expect(logProbabilities.reduce((sum, one) => sum + one, 0)).toBeCloseTo(decoderScore, 8);
}
