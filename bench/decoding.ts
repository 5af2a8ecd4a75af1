/**
 * Times a model that recommends from a generated catalogue, for every claim about decoding. The weights are random: the work does
 * not depend on them.
 */
import { createModel } from '../models/checkpoint/model-weights';
import { presetConfig } from '../models/config';
import { Trie, type TrieRows } from '../models/decoding/trie';
import { Tiger } from '../models/serving/tiger-model';
import { randomHistories } from './catalogues';
import { servingDevice } from './devices';
import { timeCalls, type Timing } from './harness';

/** The same sizes as the peer: a beam of 20, and 20 items of history, which are 81 tokens with the user's token. */
const BEAM_WIDTH = 20;
const HISTORY = 20;
/** Calls alternate between this many batches, so that no cache of one call helps the next. */
const BATCHES = 8;

export const PEER_ITEMS = 12_101;

/**
 * @param users - How many users one call makes lists for.
 * @param history - How many items the history of each user has.
 * @returns The milliseconds of each call.
 */
export async function timeDecoding(
  rows: TrieRows,
  users: number,
  timing: Timing,
  history = HISTORY,
): Promise<number[]> {
  const paper = presetConfig('paper');
  const config = { ...paper, seq2seq: { ...paper.seq2seq, maxHistory: Math.max(history, paper.seq2seq.maxHistory) } };
  const device = await servingDevice();
  const tiger = Tiger.open({
    config,
    model: createModel(config, 0),
    itemIds: new Int32Array(0),
    texts: null,
    itemHeadShare: 0,
    device,
    isFrozen: true,
  });
  const trie = Trie.build(rows);
  const catalogue = { trie, get: () => null };
  const histories = randomHistories(rows, BATCHES * users, history);
  const requests = histories.map((history, user) => ({
    userKey: `user-${user}`,
    history: history.map((codes) => ({ itemId: 0, codes })),
    first: BEAM_WIDTH,
    beamWidth: BEAM_WIDTH,
    temperature: 0,
    seed: 0,
    view: trie,
  }));
  const decode = (call: number) => {
    const from = (call % BATCHES) * users;
    return tiger.recommend(requests.slice(from, from + users), catalogue);
  };
  try {
    return await timeCalls(decode, timing);
  } finally {
    tiger.disposeWhenIdle();
    device.dispose();
  }
}
