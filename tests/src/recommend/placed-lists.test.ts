/** Lists under what is stored of placements, from a stand-in for the model whose scores are the ids of the items. */
import fc from 'fast-check';

import type { ItemFilterArgs } from '../../../graphql/item/records';
import type { PlacementDefinition, PlacementRuleRecord } from '../../../graphql/placement/records';
import type { RecommendationArgs, RecommendationList } from '../../../graphql/recommendation/records';
import { KIND_RULES } from '../../../models/data/kinds';
import type { Recommendation } from '../../../models/decoding/mixture';
import type { ListFilter } from '../../../src/catalogue/item-lists';
import { factorOf } from '../../../src/recommend/list-filling';
import { Popularity } from '../../../src/recommend/popularity';
import { Recommender } from '../../../src/recommend/recommender';
import type { StoredPlacement, UserHistory } from '../../../src/storage/request-reads';
import type { RecommendOne, VersionedList } from '../../../src/workers/messages';

const ITEMS = Array.from({ length: 40 }, (_, i) => i + 1);
const BRANDS = ['red', 'blue', 'green', 'grey'];
const brandOf = (itemId: number) => BRANDS[itemId % BRANDS.length];
/** Items above this the model does not know. */
const KNOWN = 24;
const SOLD_OUT = 13;

const passes = (itemId: number, { brands, externalIds, minPrice }: ItemFilterArgs) =>
  (!brands || brands.includes(brandOf(itemId))) &&
  (!externalIds || externalIds.includes(`i${itemId}`)) &&
  (minPrice == null || itemId >= minPrice);
const passing = ({ and = [], none = [], ...filter }: ListFilter) =>
  ITEMS.filter((itemId) => itemId !== SOLD_OUT && [filter, ...and].every((each) => passes(itemId, each))).filter(
    (itemId) => !none.some((each) => passes(itemId, each)),
  );

/** User 1 bought item 24, was shown items 22 and 23 an hour ago, and has dismissed item 20. */
const USER: UserHistory = {
  ...{ externalId: 'one', itemIds: [24], seen: new Set([24]), dismissed: new Set([20]) },
  ...{ timeAt: () => 0, kindAt: () => 'PURCHASE' },
};
const HOUR_MS = 3_600_000;

const scoreOf = (itemId: number) => Math.log(itemId / 1000);

function listOf({ allow, deny, first, spare = 0, boosts = [], pinned = [] }: RecommendOne): VersionedList {
  const known = ITEMS.filter((itemId) => itemId <= KNOWN);
  const value = (itemId: number) => Math.exp(scoreOf(itemId)) * factorOf(itemId, boosts);
  const best = known
    .filter((itemId) => !deny.includes(itemId) && (allow === null || allow.itemIds.includes(itemId)))
    .sort((a, b) => value(b) - value(a))
    .slice(0, first + spare);
  const others = pinned.filter((itemId) => itemId <= KNOWN && !best.includes(itemId));
  const recommendations = [...best, ...others].map((itemId): Recommendation => ({
    ...{ itemId, score: scoreOf(itemId), source: 'GENERATED', decoderScore: scoreOf(itemId), itemHeadScore: null },
    ...{ codes: [itemId], logProbabilities: [scoreOf(itemId)] },
  }));
  return { modelVersionId: 7, catalogueVersion: 1, recommendations };
}

/** @param small - An item for which item 22 stands where a list has one of each group. */
function open(small = 0) {
  const popularity = new Popularity();
  for (const itemId of ITEMS) popularity.add(itemId, 100 - itemId);
  const stored = new Map<string, StoredPlacement>();
  const put = (definition: Partial<PlacementDefinition>, name = 'home') =>
    stored.set(name, {
      ...{ name, number: 3, savedAt: new Date(), savedBy: null },
      definition: JSON.stringify({ rules: [], ...definition }),
    });
  const live = {
    ...{ modelVersionId: 7, knownItems: null, hasManyRepeats: false },
    recommend: async (requests: readonly RecommendOne[]) => requests.map(listOf),
  };
  const shown = [22, 23].map((itemId) => ({ itemId, at: Date.now() - HOUR_MS }));
  const coldItems = { nearest: async () => null };
  const recommender = new Recommender({
    itemIdsOf: async (ids) => new Map(ids.map((id) => [id, Number(id.slice(1))])),
    requestReads: {
      histories: async () => new Map([[1, USER]]),
      shown: async () => new Map([[1, shown]]),
      placements: async (names) => new Map([...stored].filter(([name]) => names.includes(name))),
      shelves: async (ids) =>
        new Map(ids.map((id) => [id, { brand: brandOf(id), group: null, categories: [brandOf(id), 'all'] }])),
    },
    filters: {
      alike: (ids) => ([...ids].some((itemId) => itemId === small || itemId === 22) && small > 0 ? [22] : []),
      passing: async (filter, oncePerGroup) => {
        const itemIds = passing(filter).filter((itemId) => !oncePerGroup || itemId !== small);
        return { id: null, itemIds: Int32Array.from(itemIds) };
      },
    },
    popularity,
    trending: { ranking: async () => [{ itemId: 30, share: 0.5 }] },
    live: { pool: live, lists: live, coldItems },
    named: { use: () => Promise.reject(new Error('expected the live version')) },
    catalogueVersion: async () => 1,
    textShelves: { find: async () => null },
    placementState: async (name, number) => ({
      ...{ name, number, savedAt: new Date(), savedBy: null },
      rules: rules(pin(number, 1)),
    }),
    kinds: KIND_RULES,
  });
  const list = (args: Partial<RecommendationArgs> = {}, userId: number | null = 1) =>
    recommender.recommend({ userId }, { first: 5, placement: 'home', ...args });
  return { put, list, recommender };
}

const idsOf = ({ recommendations }: RecommendationList) => recommendations.map(({ itemId }) => itemId);
const rules = (...actions: PlacementRuleRecord['action'][]) => actions.map((action) => ({ action }));
const pin = (itemId: number, place: number) => ({ pin: { itemId, place } });
const hide = (filter: ItemFilterArgs) => ({ hide: { filter } });
const boost = (filter: ItemFilterArgs, factor: number) => ({ boost: { filter, factor } });

describe('a list with a stored placement', () => {
  it('hides what the placement hides, and what is hidden in all lists', async () => {
    const { put, list } = open();
    expect(idsOf(await list())).toEqual([23, 22, 21, 19, 18]);
    put({ rules: rules(hide({ brands: ['grey'] })) });
    expect(idsOf(await list())).toEqual([22, 21, 18, 17, 16]);
    expect((await list()).placementState).toBe(3);
    put({ rules: rules(hide({ externalIds: ['i22'] })) }, '*');
    expect(idsOf(await list())).toEqual([21, 18, 17, 16, 14]);
    expect(idsOf(await list({ placement: null }))).toEqual([23, 21, 19, 18, 17]);
  });

  it('gives pins their places, with the score of the model, and says so', async () => {
    const { put, list } = open();
    put({ rules: rules(pin(40, 1)) });
    expect(await list()).toMatchObject({ reason: 'MODEL' });
    put({ rules: rules(pin(5, 2), pin(23, 4), pin(40, 5)) });
    const { recommendations } = await list();
    expect(recommendations.map(({ itemId }) => itemId)).toEqual([22, 5, 21, 23, 40]);
    expect(recommendations[1]).toMatchObject({
      ...{ score: scoreOf(5), source: 'GENERATED' },
      rules: [{ kind: 'PIN', position: 0, place: 2, factor: null }],
    });
    expect(recommendations[4].source).toBe('POPULARITY'); // the model does not know it
    expect(recommendations[0].rules).toBeUndefined();
  });

  it('has no other item of the group of a pin', async () => {
    const { put, list } = open(7);
    expect(idsOf(await list())).toEqual([23, 22, 21, 19, 18]);
    put({ rules: rules(pin(7, 2)) });
    expect(idsOf(await list())).toEqual([23, 7, 21, 19, 18]);
    put({ rules: rules(pin(22, 3)) });
    expect(idsOf(await list())).toEqual([23, 21, 22, 19, 18]);
  });

  it('loses no pin where the list is shorter than its place, or its place is on a page before', async () => {
    const { put, list } = open();
    put({ rules: rules(pin(38, 20)) });
    const filter = { minPrice: 36 };
    expect(idsOf(await list({ first: 10, filter }))).toEqual([36, 37, 39, 40, 38]);
    const full = await list({ first: 4, filter });
    expect(full).toMatchObject({ hasNextPage: true });
    expect(idsOf(await list({ first: 4, filter, after: full.endCursor }))).toEqual([38]);
    put({ rules: rules(pin(1, 1), pin(2, 1)) });
    const { endCursor } = await list({ first: 1 });
    expect(idsOf(await list({ first: 1, after: endCursor }))).toEqual([2]);
  });

  it('keeps a rule from its beginning until its end', async () => {
    const { put, list } = open();
    const at = (hours: number) => new Date(Date.now() + hours * HOUR_MS);
    const of = (itemId: number, from: number, until: number) => ({
      from: at(from),
      until: at(until),
      action: pin(itemId, 1),
    });
    put({ rules: [of(1, -2, -1), of(2, -1, 1), of(3, 1, 2)] });
    expect(idsOf(await list())[0]).toBe(2);
  });

  it('moves boosted and buried items, changes no score, and says so', async () => {
    const { put, list } = open();
    put({ rules: rules(boost({ brands: ['red'] }, 3), boost({ externalIds: ['i8', 'i23'] }, 0.5)) });
    const { recommendations } = await list();
    expect(recommendations.map(({ itemId }) => itemId)).toEqual([16, 12, 22, 21, 19]);
    expect(recommendations[0]).toMatchObject({
      score: scoreOf(16),
      rules: [{ kind: 'BOOST', position: 0, factor: 3, place: null }],
    });
    // Popular items too: 8 counts 92 · 3 · 0.5. What is trending comes first.
    expect(idsOf(await list({}, null))).toEqual([30, 4, 12, 16, 20]);
  });

  it('leaves out what was shown for as long as the placement or the request says', async () => {
    const { put, list } = open();
    put({ rules: rules({ notShownFor: { hours: 2 } }) });
    expect(idsOf(await list())).toEqual([21, 19, 18, 17, 16]);
    expect(idsOf(await list({ excludeShownSince: new Date() }))).toEqual([21, 19, 18, 17, 16]);
    put({ rules: rules({ notShownFor: { hours: 0.5 } }) });
    expect(idsOf(await list())[0]).toBe(23);
  });

  it('narrows by a request, and does not widen', async () => {
    const { put, list } = open();
    put({ options: { filter: { brands: ['grey', 'red'] }, includeSeen: false } });
    expect(idsOf(await list({ filter: { brands: ['red', 'blue'] }, includeSeen: true }))).toEqual([16, 12, 8, 4, 28]);
    put({ options: { includeSeen: true } });
    expect(idsOf(await list())[0]).toBe(24);
    expect(idsOf(await list({ includeSeen: false }))[0]).toBe(23);
  });

  it('shows the fallback where its filter and rules leave nothing, and not where a request does', async () => {
    const { put, list } = open();
    put({ options: { filter: { brands: ['red'] } }, rules: rules(hide({ brands: ['red'] })) });
    expect(await list()).toMatchObject({ reason: 'TRENDING', modelVersionId: null });
    expect(idsOf(await list())).toEqual([30, 1, 2, 3, 5]);
    put({ options: { filter: { brands: ['red'] } }, fallback: 'POPULAR' });
    put({ rules: rules(hide({ brands: ['red'] }), hide({ externalIds: ['i2'] })) }, '*');
    expect(idsOf(await list())).toEqual([1, 3, 5, 6, 7]);
    put({ rules: rules(hide({})) }, '*');
    expect(await list()).toMatchObject({ recommendations: [], reason: 'FILTER_ADMITS_NOTHING' });
    put({}, '*');
    expect(await list({ filter: { brands: ['blue'] } })).toMatchObject({ reason: 'FILTER_ADMITS_NOTHING' });
  });

  it('fills by what the placement says, or by nothing', async () => {
    const { put, list } = open();
    put({ fallback: 'POPULAR' });
    expect(idsOf(await list({}, null))).toEqual([1, 2, 3, 4, 5]);
    put({ fallback: 'NOTHING' });
    expect(await list({}, null)).toMatchObject({ recommendations: [], reason: 'NO_FALLBACK', hasNextPage: false });
    const { recommendations } = await list({ first: 30 });
    expect(recommendations).toHaveLength(KNOWN - 3); // without the bought, the dismissed, the sold out
    expect(idsOf(await list({ window: 'DAY' }, null))[0]).toBe(30); // asked for what is trending
  });

  it('is made by the active version where that of the placement cannot be loaded', async () => {
    const { put, list, recommender } = open();
    put({ modelVersionId: 99 });
    expect(await list()).toMatchObject({ modelVersionId: 7, reason: 'MODEL' });
    const because = await recommender.because({ userId: 1, history: ['i5'] }, { first: 5, placement: 'home' }, [23]);
    expect([...because.keys()]).toEqual([23]);
    await expect(list({ modelVersionId: 98 })).rejects.toThrow('expected the live version');
  });

  it('takes the state that an arm of an experiment names', async () => {
    const { put, list } = open();
    put({ rules: rules(pin(1, 1)) });
    const made = await list({ arm: { armId: 1, stateNumber: 2, modelVersionId: null } });
    expect([idsOf(made)[0], made.placementState]).toEqual([2, 2]);
  });

  it('takes a draft in place of what is stored', async () => {
    const { put, list } = open();
    put({ rules: rules(pin(1, 1)) });
    expect(idsOf(await list({ draft: { rules: rules(pin(2, 1)) } }))[0]).toBe(2);
    expect(
      idsOf(await list({ placement: '*', draft: { rules: rules(hide({ brands: ['grey'] }), pin(2, 1)) } })),
    ).toEqual([22, 21, 18, 17, 16]);
  });

  it('keeps to all rules at once, whatever they are', async () => {
    const brands = fc.subarray(BRANDS, { minLength: 1, maxLength: 2 });
    const item = fc.integer({ min: 1, max: ITEMS.length });
    const action: fc.Arbitrary<PlacementRuleRecord['action']> = fc.oneof(
      fc.record({ pin: fc.record({ itemId: item, place: fc.integer({ min: 1, max: 10 }) }) }),
      fc.record({
        boost: fc.record({ filter: fc.record({ brands }), factor: fc.double({ min: 0.01, max: 100, noNaN: true }) }),
      }),
      fc.record({
        hide: fc.record({ filter: fc.record({ brands: fc.subarray(BRANDS, { minLength: 1, maxLength: 1 }) }) }),
      }),
      fc.record({ hide: fc.record({ filter: fc.record({ externalIds: fc.array(item.map((id) => `i${id}`)) }) }) }),
      fc.record({
        atMost: fc.record({ count: fc.integer({ min: 1, max: 4 }), of: fc.constantFrom('BRAND' as const) }),
      }),
    );
    const asked = {
      actions: fc.array(action, { maxLength: 8 }),
      first: fc.integer({ min: 1, max: 12 }),
      userId: fc.constantFrom(1, null),
    };
    await fc.assert(
      fc.asyncProperty(fc.record(asked), async ({ actions, first, userId }) => {
        const { put, list } = open();
        put({ rules: rules(...actions) });
        const made = idsOf(await list({ first }, userId));
        expect(new Set(made).size).toBe(made.length);
        const gone = userId === 1 ? [24, 20] : [];
        const left = passing({ none: actions.flatMap(({ hide: hidden }) => hidden?.filter ?? []) }).filter(
          (id) => !gone.includes(id),
        );
        expect(made.filter((itemId) => !left.includes(itemId))).toEqual([]);

        const pins = actions.flatMap(({ pin: one }) => (one && left.includes(one.itemId) ? [one] : []));
        const own = pins.filter(({ itemId }, i) => pins.findIndex((other) => other.itemId === itemId) === i);
        const alone = own.filter(({ place }) => own.filter((other) => other.place <= place).length <= 1);
        for (const { itemId, place } of alone)
          if (made.length === first && place <= first) expect(made[place - 1]).toBe(itemId);

        const most = Math.min(Infinity, ...actions.flatMap(({ atMost }) => atMost?.count ?? []));
        const pinnedIds = own.map(({ itemId }) => itemId);
        const room = BRANDS.map((brand) => {
          const of = (ids: readonly number[]) => ids.filter((itemId) => brandOf(itemId) === brand);
          const pinned = of(made.filter((itemId) => pinnedIds.includes(itemId)));
          expect(of(made).length).toBeLessThanOrEqual(Math.max(most, pinned.length));
          const later = own
            .filter(({ itemId, place }) => !made.includes(itemId) && place > first)
            .map(({ itemId }) => itemId);
          const may = of(left).filter((itemId) => !later.includes(itemId));
          return Math.min(may.length, Math.max(most, pinned.length));
        });
        expect(made.length).toBe(
          Math.min(
            first,
            room.reduce((sum, each) => sum + each, 0),
          ),
        );
      }),
      { numRuns: 300 },
    );
  });
});
