import { createModel, weightsOf } from '../../../models/checkpoint/model-weights';
import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import { presetConfig } from '../../../models/config';
import { splitLog } from '../../../models/data/interactions';
import type { RankOptions } from '../../../models/evaluation/held-out-ranker';
import { neighbourTable } from '../../../models/training/counted-evidence';
import { openSearched, type SearchedModel } from '../../../models/training/measure-model';
import { openSearchHelpers } from '../../../src/workers/search-helpers';
import { bothKinds } from '../../support/candidates';
import { idsOf, walkingLog } from '../../support/little-log';

const NUM_ITEMS = 24;
const ROOM = { cores: 2, memoryBytes: 16 * 2 ** 30 };
const MANY = { kind: 'onnx-cpu', users: 1000, room: ROOM } as const;

/** A model with random weights and an item head. */
function searchedModel(device: Device): SearchedModel {
  const log = walkingLog(80, 6, NUM_ITEMS);
  const split = splitLog(log);
  const { tokenizer, ...tiny } = presetConfig('tiny');
  const config = { ...tiny, tokenizer: { ...tokenizer, numLevels: 2, codebookSize: 8 } };
  return {
    config,
    weights: weightsOf(createModel(config, NUM_ITEMS), device),
    itemIds: Int32Array.from({ length: NUM_ITEMS }, (_, row) => row),
    itemTexts: null,
    neighbours: neighbourTable(log, split, NUM_ITEMS),
    popularity: Float32Array.from({ length: NUM_ITEMS }, (_, row) => 1 + row),
    evaluation: { log, split, semanticIds: idsOf(NUM_ITEMS), codebookSize: 8, seed: 1 },
  };
}

describe('openSearchHelpers', () => {
  let device: Device;
  let model: SearchedModel;
  beforeAll(async () => {
    device = await openDevice({ backend: 'onnx-cpu', threads: 1 });
    model = searchedModel(device);
  });
  afterAll(() => device.dispose());

  const { signal } = new AbortController();
  it.each<[string, Partial<RankOptions>]>([
    ['plain lists', {}],
    ['sampled lists', { temperature: 1 }],
    ['lists with seen items', { isSeenKept: true, first: 10 }],
    ['lists for some of the users', { users: 50, part: 'validation' }],
  ])('finds the same as one thread does alone: %s', async (_, options) => {
    const ranker = openSearched(model, device);
    ranker.weights = bothKinds({ neighbours: 1 }, { neighbourDecay: 0.3 });
    const ranks = () => ranker.rank({ part: 'test', signal, ...options }, (_, candidates) => candidates);
    const alone = await ranks();
    const help = openSearchHelpers(() => model, MANY);
    expect(help.helpers).toHaveLength(2);
    const asked = help.helpers.map((helper) => jest.spyOn(helper, 'candidates'));
    ranker.accept(help);
    expect(await ranks()).toEqual(alone);
    asked.forEach((candidates) => expect(candidates).toHaveBeenCalled());
    await ranker.dismissHelpers();
  });

  it.each([
    ['few users', { users: 999 }],
    ['a graphics card', { kind: 'onnx-cuda' as const }],
    ['one core', { room: { ...ROOM, cores: 1 } }],
    ['memory for one', { room: { ...ROOM, memoryBytes: 3.5 * 2 ** 30 } }],
  ])('opens none for %s', (_, changes) => {
    const searched = jest.fn(() => model);
    expect(openSearchHelpers(searched, { ...MANY, ...changes }).helpers).toEqual([]);
    expect(searched).not.toHaveBeenCalled();
  });

  it('fails when a thread has ended, and goes on alone', async () => {
    const ranker = openSearched(model, device);
    const alone = await ranker.rank({ part: 'test', signal }, (_, { found }) => found);
    const help = openSearchHelpers(() => model, MANY);
    await help.dispose();
    await expect(help.helpers[0].candidates({ part: 'test', weights: ranker.weights }, 0)).rejects.toThrow();
    ranker.accept(help);
    expect(await ranker.rank({ part: 'test', signal }, (_, { found }) => found)).toEqual(alone);
  });
});
