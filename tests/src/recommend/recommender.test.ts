import type { ItemFilterArgs } from '../../../graphql/item/records';
import { KnownItems } from '../../../models/checkpoint/known-items';
import { BEAM_WIDTH } from '../../../models/config';
import { KIND_RULES, kindOf, type Kind } from '../../../models/data/kinds';
import type { NearItem } from '../../../models/decoding/cold-items';
import type { Recommendation } from '../../../models/decoding/mixture';
import { Popularity } from '../../../src/recommend/popularity';
import { Recommender } from '../../../src/recommend/recommender';
import type { UserHistory } from '../../../src/storage/request-reads';
import type { VersionedList, RecommendOne } from '../../../src/workers/messages';

const NUM_ITEMS = 30;

const userWith = (externalId: string, itemIds: number[], more: Partial<UserHistory> = {}): UserHistory => ({
  ...{ externalId, itemIds, seen: new Set(itemIds), dismissed: new Set() },
  ...{ timeAt: () => 0, kindAt: () => 'VIEW', ...more },
});
const KINDS_OF_ONE = ['PURCHASE', 'CART', 'RATING'] as const;
const HISTORIES = new Map<number, UserHistory>([
  [1, userWith('one', [3, 4, 5], { timeAt: (position) => position, kindAt: (position) => KINDS_OF_ONE[position] })],
  [2, userWith('two', [])],
  [
    3,
    userWith('three', [9, 3, 3, 4, 4, 4, 3], {
      timeAt: (position) => (position < 4 ? 0 : 6e8), // the second 4 was bought a week after the first
      kindAt: (position) => (position === 1 ? 'CART' : 'VIEW'),
    }),
  ],
  [4, userWith('four', [3], { dismissed: new Set([30, 20]) })],
]);

/**
 * A model that ranks high item ids first and looks at the request alone; items above `limit` have no codes. Multiples of 4 come
 * from its item head, and its beam search does not find multiples of 8.
 */
class FakeLive {
  readonly asked: RecommendOne[] = [];
  modelVersionId: number | null;
  knownItems = KnownItems.from(Int32Array.from({ length: 20 }, (_, i) => i + 1));
  hasManyRepeats = false;
  limit = NUM_ITEMS;

  constructor(private readonly version = 7) {
    this.modelVersionId = version;
  }

  recommend(requests: readonly RecommendOne[]): Promise<VersionedList[]> {
    this.asked.push(...requests);
    return Promise.resolve(requests.map((request) => this.list(request)));
  }

  private list({ allow, deny, first }: RecommendOne): VersionedList {
    const recommendations = Array.from({ length: this.limit }, (_, i) => this.limit - i)
      .filter((itemId) => !deny.includes(itemId) && (allow === null || allow.itemIds.includes(itemId)))
      .slice(0, first)
      .map((itemId): Recommendation => ({
        itemId,
        score: -1 / itemId,
        source: itemId % 4 === 0 ? 'ITEM_HEAD' : 'GENERATED',
        itemHeadScore: itemId % 4 === 0 ? -0.5 / itemId : null,
        ...(itemId % 8 === 0
          ? { decoderScore: null, codes: [], logProbabilities: [] }
          : { decoderScore: -2 / itemId, codes: [itemId, 0], logProbabilities: [-2 / itemId, 0] }),
      }));
    return { modelVersionId: this.version, catalogueVersion: 12, recommendations };
  }
}

function open(kinds = KIND_RULES) {
  const popularity = new Popularity();
  // Item i has i interactions, but 21 … 30 have none: nobody has bought them yet.
  for (let itemId = 1; itemId <= NUM_ITEMS; itemId++) popularity.add(itemId, itemId <= 20 ? itemId : 0);
  const live = new FakeLive();
  const trending = new Map<string, { itemId: number; share: number }[]>();
  const texts: { near: NearItem[] | null } = { near: null };
  const filtered: ItemFilterArgs[] = [];
  const lookedUp: (readonly string[])[] = [];
  const read: (readonly number[])[] = [];
  const coldItems = { nearest: () => Promise.resolve(texts.near) };
  const itemIdsOf = (ids: readonly string[]) => {
    lookedUp.push(ids);
    return Promise.resolve(new Map(ids.filter((id) => id.startsWith('i')).map((id) => [id, Number(id.slice(1))])));
  };
  const filters = {
    alike: () => [],
    passing: (filter: ItemFilterArgs) => {
      if (Object.values({ ...filter, excludeExternalIds: null }).every((value) => value == null))
        return Promise.resolve(null);
      filtered.push(filter);
      const itemIds = Int32Array.from({ length: NUM_ITEMS }, (_, i) => i + 1);
      return Promise.resolve({ id: null, itemIds: itemIds.filter((id) => id >= (filter.minPrice ?? 0)) });
    },
  };
  const recommender = new Recommender({
    itemIdsOf,
    requestReads: {
      histories: (userIds) => {
        read.push(userIds);
        return Promise.resolve(HISTORIES);
      },
      shown: () => Promise.resolve(new Map()),
      placements: async () => new Map(),
      shelves: async () => new Map(),
    },
    filters,
    popularity,
    trending: { ranking: async (window) => trending.get(window) ?? [] },
    live: { pool: live, lists: live, coldItems },
    named: {
      use: (modelVersionId, make) => {
        const named = new FakeLive(modelVersionId);
        return make({ pool: named, lists: named, coldItems });
      },
    },
    catalogueVersion: () => Promise.resolve(11),
    placementState: async () => null,
    textShelves: { find: async () => null },
    kinds,
  });
  const listFor = (userId: number, args: object = {}) => recommender.recommend({ userId }, { first: 5, ...args });
  return { live, trending, texts, filtered, lookedUp, read, popularity, recommender, listFor };
}

const ids = (list: { recommendations: readonly { itemId: number }[] }) =>
  list.recommendations.map(({ itemId }) => itemId);
const sources = (list: { recommendations: readonly { source: string }[] }) =>
  list.recommendations.map(({ source }) => source);

describe('Recommender', () => {
  it("gives the model's list as it is, with the versions that made it", async () => {
    const { live, listFor } = open();
    const list = await listFor(1);
    expect(ids(list)).toEqual([30, 29, 28, 27, 26]);
    expect(list).toMatchObject({ modelVersionId: 7, catalogueVersion: 12, reason: 'MODEL' });
    const [{ recommendations }] = await live.recommend(live.asked);
    expect(list.recommendations).toEqual(recommendations);
  });

  it('answers from popularity, and says so, while no model is live', async () => {
    const { live, listFor } = open();
    live.modelVersionId = null;
    const list = await listFor(1);
    expect(ids(list)).toEqual([20, 19, 18, 17, 16]);
    expect(new Set(sources(list))).toEqual(new Set(['POPULARITY']));
    expect(list).toMatchObject({ modelVersionId: null, catalogueVersion: 11 });
    expect(list.recommendations[0].score).toBeCloseTo(Math.log(20 / 210), 6);
    expect(list.recommendations[0]).toMatchObject({
      decoderScore: null,
      itemHeadScore: null,
      codes: [],
      logProbabilities: [],
    });
  });

  it('has what the user has where users mostly take such items, unless asked not to', async () => {
    const { live, listFor } = open();
    live.limit = 6;
    live.hasManyRepeats = true;
    const usual = await listFor(1);
    expect([ids(usual), usual.includesSeen]).toEqual([[6, 5, 4, 3, 2], true]);
    const without = await listFor(1, { includeSeen: false });
    expect([ids(without).slice(0, 3), without.includesSeen]).toEqual([[6, 2, 1], false]);
  });

  it('leaves out what the user has dismissed, also where seen items may come and where the list is popular', async () => {
    const { live, listFor } = open();
    expect(ids(await listFor(4))).toEqual([29, 28, 27, 26, 25]);
    expect(ids(await listFor(4, { includeSeen: true }))).toEqual([29, 28, 27, 26, 25]);
    live.modelVersionId = null;
    expect(ids(await listFor(4))).toEqual([19, 18, 17, 16, 15]);
  });

  it('fills a list up from popularity where the model knows too few items, each item once', async () => {
    const { live, listFor } = open();
    live.limit = 7;
    const list = await listFor(1, { first: 8 });
    expect(ids(list)).toEqual([7, 6, 2, 1, 20, 19, 18, 17]);
    expect(sources(list)).toEqual([...Array(4).fill('GENERATED'), ...Array(4).fill('POPULARITY')]);
  });

  it('fills the reserved places with the cold items whose texts are nearest when the model knows texts', async () => {
    const { live, texts, listFor } = open();
    const cold = async (args: object) => {
      const { recommendations } = await listFor(1, { first: 10, coldStartShare: 0.2, ...args });
      return recommendations.filter(({ source }) => source === 'COLD_START').map(({ itemId }) => itemId);
    };
    texts.near = [21, 23].map((itemId, i) => ({ itemId, nearness: 0.5 - i / 10 }));
    expect(await cold({})).toEqual([21, 23]); // the fake decoder finds 23 first
    expect(live.asked[1]).toMatchObject({ first: 2, allow: { itemIds: Int32Array.of(21, 23) } });
    expect(await cold({ temperature: 1 })).toEqual([21, 23]);
  });

  it('leaves out what a request excludes, and asks for one filter whatever is excluded', async () => {
    const { live, filtered, listFor } = open();
    const listOf = async (...excludeExternalIds: string[]) =>
      ids(await listFor(1, { first: 3, filter: { minPrice: 20, excludeExternalIds } }));
    expect([await listOf('i30', 'unknown'), await listOf('i29', 'i28')]).toEqual([[29, 28, 27], [30, 27, 26]]); // prettier-ignore
    expect(filtered).toEqual([{ minPrice: 20 }, { minPrice: 20 }]);
    expect(ids(await listFor(1, { first: 2, filter: { excludeExternalIds: ['i30'] } }))).toEqual([29, 28]);
    const withSeen = { first: 2, includeSeen: true, filter: { excludeExternalIds: ['i5'] } };
    live.limit = 6;
    expect(ids(await listFor(1, withSeen))).toEqual([6, 4]);
    expect(filtered).toHaveLength(2); // nothing is left of these filters
    const none = { filter: { minPrice: 29, excludeExternalIds: ['i29', 'i30'] } };
    expect(await listFor(1, none)).toMatchObject({ recommendations: [], reason: 'FILTER_ADMITS_NOTHING' });
  });

  it('reads once what all lists need that are asked for at the same time', async () => {
    const { recommender, lookedUp, read, listFor } = open();
    const filter = { excludeExternalIds: ['i30', 'i29', 'unknown'] };
    const requests = [1, 3].map((userId) => listFor(userId, { first: 2, filter }));
    const lists = await Promise.all([...requests, listFor(1, { first: 2 })]);
    expect(lists.map(ids)).toEqual([[28, 27], [28, 27], [30, 29]]); // prettier-ignore
    expect([read, lookedUp.length]).toEqual([[[1, 3]], 1]);
    const made = await recommender.recommend({ history: ['i1', 'nothing'] }, { first: 1, filter });
    expect([ids(made), made.skippedItems]).toEqual([[28], ['nothing']]);
    expect(lookedUp).toHaveLength(2);
  });

  it('says of a list that is empty without a filter whether the shop is, or the user has everything', async () => {
    const { live, popularity, listFor } = open();
    live.modelVersionId = null;
    for (let itemId = 1; itemId <= NUM_ITEMS; itemId++) if (itemId < 3 || itemId > 5) popularity.remove(itemId);
    expect(await listFor(1)).toMatchObject({ recommendations: [], reason: 'ALL_SEEN' });
    for (const itemId of [3, 4, 5]) popularity.remove(itemId);
    expect(await listFor(1)).toMatchObject({ recommendations: [], reason: 'EMPTY_CATALOGUE' });
  });

  it('answers from popularity when the model is lost while it makes the list, and not when only the list fails', async () => {
    const { live, listFor } = open();
    live.recommend = () => Promise.reject(new Error('worker lost'));
    await expect(listFor(1)).rejects.toThrow('worker lost');
    live.recommend = () => {
      live.modelVersionId = null;
      return Promise.reject(new Error('worker lost'));
    };
    expect(await listFor(1)).toMatchObject({ modelVersionId: null, catalogueVersion: 11, reason: 'POPULAR' });
  });

  it('hands over the settings of a list, each with its default', async () => {
    const { live, listFor } = open();
    await listFor(1, { beamWidth: 7, temperature: 0.5, seed: 9 });
    await listFor(1);
    expect(live.asked).toMatchObject([
      { userKey: 'one', history: [3, 4, 5], first: 5, beamWidth: 7, temperature: 0.5, seed: 9, allow: null },
      { beamWidth: BEAM_WIDTH, temperature: 0, seed: 0 },
    ]);
  });

  it('reads each run of one item as one entry, and one for each day where times are known', async () => {
    const { live, recommender, listFor } = open();
    await listFor(3);
    const clock = jest.spyOn(Date, 'now').mockReturnValue(7e8);
    await recommender.recommend({ history: ['i4', 'i4', 'i9'] }, { first: 2 });
    clock.mockRestore();
    const kinds = (...names: Kind[]) => names.map(kindOf);
    const viewed = kinds('VIEW', 'VIEW');
    expect(live.asked).toMatchObject([
      { history: [9, 3, 4, 4, 3], times: [0, 0, 0, 6e8, 6e8], kinds: kinds('VIEW', 'CART', 'VIEW', 'VIEW', 'VIEW') },
      { history: [4, 9], times: [7e8, 7e8], kinds: viewed },
    ]);
  });

  it('leaves entries of a kind that counts nothing out of the history, but not those of the request', async () => {
    const { live, recommender } = open({ ...KIND_RULES, VIEW: { weight: 0, hidesItem: false } });
    await recommender.recommend({ userId: 3, history: ['i5'] }, { first: 2 });
    expect(live.asked).toMatchObject([{ history: [3, 5], kinds: ['CART', 'VIEW'].map(kindOf) }]);
  });

  it('has the live version make lists where none or the live one is named, and else the named one', async () => {
    const { recommender, listFor } = open();
    const versions = [undefined, null, 7, 8].map(async (modelVersionId) => [
      (await listFor(1, { modelVersionId })).modelVersionId,
      (await recommender.recommend({ history: ['i4'] }, { first: 2, modelVersionId })).modelVersionId,
    ]);
    expect(await Promise.all(versions)).toEqual([[7, 7], [7, 7], [7, 7], [8, 8]]); // prettier-ignore
  });

  it('has trending items, then popular ones, for whom nothing is known, and says so', async () => {
    const { trending, popularity, recommender } = open();
    trending.set('WEEK', [3, 99, 5, 7].map((itemId) => ({ itemId, share: 0.25 }))); // prettier-ignore
    trending.set('DAY', [{ itemId: 4, share: 1 }]);
    popularity.remove(7);
    const list = await recommender.recommend({}, { first: 3 });
    expect([ids(list), sources(list)]).toEqual([[3, 5, 20], ['TRENDING', 'TRENDING', 'POPULARITY']]); // prettier-ignore
    expect(list).toMatchObject({ reason: 'TRENDING', modelVersionId: null, recommendations: [{ score: Math.log(0.25) }, {}, {}] }); // prettier-ignore
    expect(ids(await recommender.recommend({}, { first: 2, window: 'DAY' }))).toEqual([4, 20]);
    expect(ids(await recommender.recommend({}, { first: 2, filter: { minPrice: 4 } }))).toEqual([5, 20]);
    expect(await recommender.recommend({}, { first: 2, window: 'MONTH' })).toMatchObject({ reason: 'POPULAR' });
  });

  it('reads the stored history, then the one of the request, then the item of the page, which is in no such list', async () => {
    const { live, recommender } = open();
    const subject = { userId: 1, history: ['i9', 'unknown'], item: 'i30' };
    const list = await recommender.recommend(subject, { first: 2, includeSeen: true });
    expect(live.asked[0]).toMatchObject({ userKey: 'one', history: [3, 4, 5, 9, 30] });
    expect([ids(list), list.skippedItems]).toEqual([[29, 28], ['unknown']]); // prettier-ignore
  });

  it('goes on after a page, each item once, to the last one, and says when versions changed between', async () => {
    const { live, recommender } = open();
    const pages = [await recommender.recommend({ userId: 1 }, { first: 12 })];
    while (pages.at(-1)!.hasNextPage) {
      const { endCursor: after, recommendations } = pages.at(-1)!;
      expect(pages.at(-1)).toMatchObject({ position: (pages.length - 1) * 12, versionsChanged: false });
      expect(recommendations).toHaveLength(12);
      pages.push(await recommender.recommend({ userId: 1 }, { first: 12, after }));
    }
    const whole = await recommender.recommend({ userId: 1 }, { first: 30 });
    expect(pages.flatMap(ids)).toEqual(ids(whole));
    expect(whole).toMatchObject({ hasNextPage: false, recommendations: { length: 27 } });
    live.modelVersionId = null;
    const { endCursor: after } = pages[0];
    expect(await recommender.recommend({ userId: 1 }, { first: 2, after })).toMatchObject({
      ...{ position: 12, versionsChanged: true, reason: 'POPULAR', recommendations: [{ itemId: 18 }, { itemId: 17 }] },
    });
  });

  it('draws another list each time where the request samples without a seed', async () => {
    const { live, listFor } = open();
    for (let i = 0; i < 3; i++) await listFor(1, { temperature: 1 });
    expect(new Set(live.asked.map(({ seed }) => seed)).size).toBe(3);
  });
});
