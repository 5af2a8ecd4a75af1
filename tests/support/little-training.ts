/** A whole training of the tiny preset on little data: what `fitTiger` is given, and the lists that its checkpoint makes. */
import { loadCheckpoint, saveCheckpoint } from '../../models/checkpoint/checkpoint';
import { createModel, weightsOf } from '../../models/checkpoint/model-weights';
import type { Device, HostTensor } from '../../models/compute/device';
import { presetConfig } from '../../models/config';
import { PURCHASE } from '../../models/data/kinds';
import type { NeighbourTable } from '../../models/decoding/evidence/neighbours';
import { Trie } from '../../models/decoding/trie';
import { createRandom } from '../../models/math/random';
import type { SemanticId } from '../../models/semantic-id/semantic-ids';
import type { MixtureWeights } from '../../models/serving/tiger-parts';
import type { TigerRequest } from '../../models/serving/tiger-request';
import { neighbourTensors } from '../../models/training/counted-evidence';
import { fitTiger } from '../../models/training/fit';
import type { FitInput, FitResult, FitRun } from '../../models/training/fit-input';
import { bothKinds } from './candidates';
import { idsOf, walkingLog } from './little-log';
import { loadTiger } from './load-tiger';

export const NUM_ITEMS = 24;
export const DIMS = 12;

/** Items of four kinds, by row. */
export function littleVectors(): Float32Array {
  const random = createRandom(5);
  return Float32Array.from(
    { length: NUM_ITEMS * DIMS },
    (_, i) => (i % 4 === Math.floor(i / DIMS) % 4 ? 1 : 0) + 0.3 * random.normal(),
  );
}

export function fitLittle(
  device: Device,
  jobDir: string,
  changes: Partial<FitInput & Omit<FitRun, 'device'>> = {},
): Promise<FitResult> {
  const {
    signal = new AbortController().signal,
    onProgress = () => undefined,
    onWarning = () => undefined,
    openHelpers,
    ...inputChanges
  } = changes;
  const input: FitInput = {
    config: presetConfig('tiny'),
    itemIds: Int32Array.from({ length: NUM_ITEMS }, (_, row) => row),
    log: walkingLog(30, 8, NUM_ITEMS),
    vectors: littleVectors(),
    dims: DIMS,
    categories: [Int32Array.from({ length: NUM_ITEMS }, (_, row) => row % 4)],
    experiment: { withheld: new Int32Array(0), hasDiversity: false },
    tokenizerFrom: null,
    presentCodes: null,
    jobDir,
    ...inputChanges,
  };
  return fitTiger(input, { device, signal, onProgress, onWarning, openHelpers });
}

export const UNTRAINED_IDS = idsOf(NUM_ITEMS);

const NO_NEIGHBOURS: NeighbourTable = {
  offsets: new Int32Array(NUM_ITEMS + 1),
  items: new Int32Array(0),
  weights: new Float32Array(0),
};

interface UntrainedParts {
  readonly weights?: MixtureWeights;
  readonly neighbours?: NeighbourTable;
  /** float32 `[N + 1, F]`. */
  readonly itemTexts?: HostTensor;
}

/**
 * Saves a model with random weights whose items have `UNTRAINED_IDS`: for tests of serving, which need no training.
 *
 * @param parts - Besides the model: what texts and neighbours say, and how much. By default both heads alone have a share.
 */
export async function saveUntrained(
  device: Device,
  checkpointDir: string,
  { weights = bothKinds({ decoder: 0.5, itemHead: 0.5 }), ...parts }: UntrainedParts = {},
): Promise<void> {
  const config = presetConfig('tiny');
  const items = { shape: [NUM_ITEMS], data: Int32Array.from({ length: NUM_ITEMS }, (_, row) => row) };
  await saveCheckpoint(checkpointDir, {
    tensors: {
      weights: weightsOf(createModel(config, NUM_ITEMS), device),
      ...{ tokenizer: {}, texts: {}, 'semantic-ids': { items } },
      'item-neighbours': neighbourTensors(parts.neighbours ?? NO_NEIGHBOURS),
      popularity: { weights: { shape: [NUM_ITEMS], data: new Float32Array(NUM_ITEMS).fill(1) } },
      ...(parts.itemTexts && { 'item-texts': { directions: parts.itemTexts } }),
    },
    documents: { config, metrics: [], weights },
  });
}

/** @returns A list per history, by the checkpoint's model over a trie of the IDs. */
export async function listsOf(
  device: Device,
  checkpointDir: string,
  ids: readonly SemanticId[],
  histories: readonly number[][],
  changes: Partial<TigerRequest> = {},
  load = loadCheckpoint,
) {
  const tiger = await loadTiger(checkpointDir, device, load);
  const trie = Trie.ofItems(ids, tiger.codebookSize);
  const requests = histories.map((history) => ({
    userKey: 'someone',
    history: history.map((itemId) => ({ itemId, codes: ids[itemId], kind: PURCHASE, count: 1, at: 0 })),
    at: 0,
    first: 5,
    beamWidth: 20,
    temperature: 0,
    seed: 0,
    view: trie,
    ...changes,
  }));
  const lists = await tiger.recommend(requests, { trie, get: (itemId) => ids[itemId] ?? null });
  tiger.disposeWhenIdle();
  return lists;
}
