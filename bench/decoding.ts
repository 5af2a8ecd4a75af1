/**
 * Times a model that recommends from a generated catalogue, for every claim about decoding. The weights are random: the work does
 * not depend on them.
 */
import { createModel } from '../models/checkpoint/model-weights';
import { variableOf } from '../models/compute/variables';
import { BEAM_WIDTH, presetConfig } from '../models/config';
import { PURCHASE } from '../models/data/kinds';
import { alone } from '../models/decoding/mixture';
import { Trie, type TrieRows } from '../models/decoding/trie';
import { Tiger } from '../models/serving/tiger-model';
import { codesOf, randomRows } from './catalogues';
import type { Threads } from './claim';
import { benchDevice, countOf } from './devices';
import { measureCalls, type Timing } from './harness';
import { PEER_WEIGHTS, randomItemTexts, randomNeighbours } from './item-head-parts';

/** Calls alternate between this many batches, so that no cache of one call helps the next. */
const BATCHES = 8;

export const PEER_ITEMS = 12_101;

const BY_DECODER = { ...PEER_WEIGHTS.unseen, ...alone('decoder') };
const DECODER_ALONE = {
  weights: { unseen: BY_DECODER, seenKept: BY_DECODER },
  itemTexts: null,
  neighbours: { offsets: Int32Array.of(0), items: new Int32Array(0), weights: new Float32Array(0) },
};

export interface DecodingSettings {
  /** `base` has an item head and texts, which look at every item, and neighbours; `paper` is the decoder alone. */
  readonly preset: 'paper' | 'base';
  readonly rows: TrieRows;
  /** How many users one call makes lists for. */
  readonly users: number;
  /** Items of each user's history; absent: 20, which are 81 tokens of `paper` with the user's. */
  readonly history?: number;
  readonly threads: Threads;
}

/** @returns The milliseconds and the processor time of each call. */
export async function measureDecoding(settings: DecodingSettings, timing: Timing) {
  const { preset, rows, users, history = 20, threads } = settings;
  const config = presetConfig(preset);
  const seq2seq = { ...config.seq2seq, maxHistory: Math.max(history, config.seq2seq.maxHistory) };
  const hasItemHead = seq2seq.itemHead;
  const device = await benchDevice('one');
  const tiger = Tiger.open({
    config,
    model: createModel({ ...config, seq2seq }, rows.itemIds.length),
    itemIds: hasItemHead ? rows.itemIds : new Int32Array(0),
    texts: null,
    popularity: new Float32Array(rows.itemIds.length),
    ...(hasItemHead ? partsOf(rows.itemIds.length) : DECODER_ALONE),
    device,
    isFrozen: true,
    threads: countOf(threads),
  });
  const trie = Trie.build(rows);
  const requests = randomRows(rows, BATCHES * users, history).map((read, user) => ({
    userKey: `user-${user}`,
    history: read.map((row) => ({
      itemId: rows.itemIds[row],
      codes: codesOf(rows, row),
      kind: PURCHASE,
      count: 1,
      at: 0,
    })),
    at: 0,
    first: BEAM_WIDTH,
    beamWidth: BEAM_WIDTH,
    temperature: 0,
    seed: 0,
    view: trie,
  }));
  const ids = { trie, get: (itemId: number) => codesOf(rows, itemId) }; // an item's id is its row
  const decode = (call: number) => {
    const from = (call % BATCHES) * users;
    return tiger.recommend(requests.slice(from, from + users), ids);
  };
  try {
    return await measureCalls(decode, timing);
  } finally {
    tiger.disposeWhenIdle();
    device.dispose();
  }
}

function partsOf(numItems: number) {
  return {
    weights: PEER_WEIGHTS,
    itemTexts: variableOf(randomItemTexts(numItems)),
    neighbours: randomNeighbours(numItems),
  };
}
