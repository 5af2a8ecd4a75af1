/** The weights are random: what a list must be does not depend on what was learned. */
import { InferenceSession } from 'onnxruntime-node';

import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import { variableOf } from '../../../models/compute/variables';
import { presetConfig } from '../../../models/config';
import { PURCHASE } from '../../../models/data/kinds';
import { Trie } from '../../../models/decoding/trie';
import { createParameters } from '../../../models/seq2seq/parameters';
import { createVocabulary } from '../../../models/seq2seq/vocabulary';
import { Tiger } from '../../../models/serving/tiger-model';
import type { TigerParts } from '../../../models/serving/tiger-parts';
import type { ServedIds, TigerRequest } from '../../../models/serving/tiger-request';
import { bothKinds, listMaking } from '../../support/candidates';

const NUM_ITEMS = 24;
/** Item i has these codes; its id is 100 + i, so that ids and rows are not to be mixed up. */
const CODES = Array.from({ length: NUM_ITEMS }, (_, i) => [i % 4, i % 3, i % 2]);
const ITEM_IDS = Int32Array.from(CODES.keys(), (i) => 100 + i);

function servedIds(live = ITEM_IDS): ServedIds {
  const get = (itemId: number) => CODES[itemId - 100] ?? null;
  const codes = Int32Array.from([...live].flatMap((itemId) => get(itemId)));
  return { trie: Trie.build({ idLength: 3, codebookSize: 8, itemIds: live, codes }), get };
}

/** The neighbours of item row r are the rows r + 2 and r + 3. */
const NEIGHBOURS = {
  offsets: Int32Array.from({ length: NUM_ITEMS + 1 }, (_, row) => 2 * row),
  items: Int32Array.from({ length: 2 * NUM_ITEMS }, (_, i) => ((i >> 1) + (i & 1) + 2) % NUM_ITEMS),
  weights: new Float32Array(2 * NUM_ITEMS).fill(1),
};

/** The items with the first code 1 and 2 have the same direction, 1 0; those with 0 and 3 have 0 1. */
function textDirections() {
  const ofItem = ([first]: readonly number[]) => (first === 1 || first === 2 ? [1, 0] : [0, 1]);
  return { shape: [NUM_ITEMS + 1, 2], data: Float32Array.from([0, 0, ...CODES.flatMap(ofItem)]) };
}

// Items whose codes are equal would need a collision token: the first 12 are all different.
const LIVE = ITEM_IDS.slice(0, 12);
const ids = servedIds(LIVE);

describe('Tiger', () => {
  let device: Device;
  let tiger: Tiger;

  function openTiger(changes: Partial<TigerParts> = {}): Tiger {
    const config = presetConfig('tiny');
    const seq2seq = { ...config.seq2seq, encoder: 'item-causal' as const, itemHead: true };
    const vocabulary = createVocabulary(2, 8, seq2seq.userTokens);
    const params = createParameters(seq2seq, vocabulary, 7, NUM_ITEMS);
    const model = { config: seq2seq, vocabulary, params };
    return Tiger.open({
      ...{ config: { ...config, seq2seq }, model, itemIds: ITEM_IDS, texts: null, itemTexts: null, device },
      ...{ neighbours: NEIGHBOURS, popularity: Float32Array.from(ITEM_IDS, (itemId) => itemId - 99) },
      ...{ weights: bothKinds({ decoder: 0.5, itemHead: 0.5 }), isFrozen: true, threads: 1 },
      ...changes,
    });
  }

  beforeAll(async () => {
    device = await openDevice({ backend: 'onnx-cpu', threads: 1 });
    tiger = openTiger();
  });
  afterAll(() => {
    tiger.disposeWhenIdle();
    device.dispose();
  });

  function requestOf(history: readonly number[], changes: Partial<TigerRequest> = {}): TigerRequest {
    return {
      userKey: 'someone',
      history: history.map((i) => ({ itemId: 100 + i, codes: CODES[i], kind: PURCHASE, count: 1, at: 0 })),
      ...{ at: 0, first: 5, beamWidth: 20, temperature: 0, seed: 0, view: ids.trie },
      ...changes,
    };
  }
  const itemsOf = async (history: readonly number[], changes: Partial<TigerRequest> = {}, by = tiger) =>
    (await by.recommend([requestOf(history, changes)], ids))[0].map(({ itemId }) => itemId);

  it('compiles before the codes are known all that any list needs', async () => {
    const created = jest.spyOn(InferenceSession, 'create');
    const own = openTiger({ itemTexts: variableOf(textDirections()) });
    await own.compile();
    const { length } = created.mock.calls;
    expect(length).toBe(3); // the encoder, the decoder and the item head
    await own.recommend([requestOf([0, 1, 2])], ids);
    await own.recommend(
      [requestOf([4]), requestOf([3, 9, 10, 11, 12, 13, 14, 15], { beamWidth: 3 }), requestOf([])],
      ids,
    );
    expect(created).toHaveBeenCalledTimes(length);
    created.mockRestore();
    own.disposeWhenIdle();
  });

  it('gives equal lists to equal histories, alone or in a batch', async () => {
    const histories = [[0, 1, 2], [7], [3, 9, 10, 11, 12, 13, 14, 15]];
    const requests = histories.map((history) => requestOf(history));
    const together = await tiger.recommend(requests, ids);
    for (const [i, request] of requests.entries()) {
      const [alone] = await tiger.recommend([request], ids);
      expect(alone.map(({ itemId }) => itemId)).toEqual(together[i].map(({ itemId }) => itemId));
      alone.forEach(({ score }, rank) => expect(score).toBeCloseTo(together[i][rank].score, 4));
    }
  });

  it('writes only items of the trie, best first, each once, and no more than there are', async () => {
    const [list] = await tiger.recommend([requestOf([1, 2, 3], { first: 20 })], ids);
    expect(list.map(({ itemId }) => itemId).sort()).toEqual([...LIVE]);
    for (const { itemId, codes, decoderScore } of list)
      expect(codes).toEqual(decoderScore === null ? [] : CODES[itemId - 100]);
    expect(list.map(({ score }) => score)).toEqual(list.map(({ score }) => score).sort((a, b) => b - a));
  });

  it("keeps both heads to the request's view", async () => {
    const denied = LIVE.filter((itemId) => itemId % 2 === 0);
    const codes = Int32Array.from([...denied].flatMap((itemId) => CODES[itemId - 100]));
    const view = ids.trie.restrict({ deny: { itemIds: denied, codes } });
    expect((await itemsOf([1, 2], { view, first: 12 })).sort()).toEqual([101, 103, 105, 107, 109, 111]);
  });

  /** All parts have a share, and texts count. */
  const ALL = bothKinds(
    { decoder: 0.1, itemHead: 0.3, neighbours: 0.2, repeats: 0.1, popularity: 0.1, uniform: 0.2 },
    { textWeight: 2 },
  );
  const withAll = (weights = ALL) => openTiger({ itemTexts: variableOf(textDirections()), weights });
  const probabilitiesOf = async (by: Tiger, view: TigerRequest['view'], served = ids) => {
    const [list] = await by.recommend([requestOf([1, 2], { view, first: 24 })], served);
    return new Map(list.map(({ itemId, score }) => [itemId, Math.exp(score)]));
  };

  it('gives all live items together a probability of 1, however many are removed', async () => {
    const shares = { ...ALL.unseen.shares, decoder: 0, itemHead: 0.4 };
    const mixing = withAll(bothKinds(shares, { textWeight: 2 }));
    for (const served of [ids, servedIds(LIVE.slice(3, 7))]) {
      const found = await probabilitiesOf(mixing, served.trie, served);
      expect(found.size).toBe(served.trie.size);
      expect([...found.values()].reduce((a, b) => a + b)).toBeCloseTo(1, 4);
    }
    mixing.disposeWhenIdle();
  });

  it('gives an item the same score whatever other items a filter leaves out', async () => {
    const shares = { ...ALL.unseen.shares, decoder: 0, itemHead: 0.4 };
    const mixing = withAll(bothKinds(shares, { textWeight: 2 }));
    const all = await probabilitiesOf(mixing, ids.trie);
    const denied = LIVE.filter((itemId) => itemId % 3 === 0);
    const codes = Int32Array.from([...denied].flatMap((itemId) => CODES[itemId - 100]));
    const some = await probabilitiesOf(mixing, ids.trie.restrict({ deny: { itemIds: denied, codes } }));
    expect(some.size).toBe(12 - denied.length);
    for (const [itemId, probability] of some) expect(probability).toBeCloseTo(all.get(itemId)!, 6);
    mixing.disposeWhenIdle();
  });

  it('makes the same lists of candidates alone, where these are all items', async () => {
    const changes = { itemTexts: variableOf(textDirections()), weights: ALL };
    const [all, some] = [openTiger(changes), openTiger({ ...changes, maxExhaustive: 0 })];
    const requests = [requestOf([1, 2], { first: 24 }), requestOf([8, 3, 15], { first: 4 }), requestOf([])];
    const [expected, lists] = [await all.recommend(requests, ids), await some.recommend(requests, ids)];
    expect(lists.map((list) => list.map(({ itemId }) => itemId))).toEqual(
      expected.map((list) => list.map(({ itemId }) => itemId)),
    );
    lists.forEach((list, user) =>
      list.forEach(({ score }, rank) => expect(score).toBeCloseTo(expected[user][rank].score, 4)),
    );
    [all, some].forEach((each) => each.disposeWhenIdle());
  });

  it('puts first what a user took most often, in lists with seen items alone', async () => {
    const plain = listMaking({ decoder: 0.5, itemHead: 0.5 });
    const seenKept = listMaking({ repeats: 0.9, itemHead: 0.1 });
    const repeating = openTiger({ weights: { unseen: plain, seenKept } });
    const requests = [requestOf([3, 1, 2, 1, 2, 1], { isSeenKept: true }), requestOf([3, 1, 2, 1, 2, 1])];
    const [kept, other] = await repeating.recommend(requests, ids);
    expect(kept.slice(0, 3).map(({ itemId }) => itemId)).toEqual([101, 102, 103]);
    const ofFirst = (0.9 * 3) / 6 + 0.1 * Math.exp(kept[0].itemHeadScore!);
    expect(kept[0].score).toBeCloseTo(Math.log(ofFirst), 5);
    expect(other).toEqual((await tiger.recommend(requests, ids))[1]);
    repeating.disposeWhenIdle();
  });
});
