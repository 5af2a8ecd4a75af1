import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadCheckpoint } from '../../../models/checkpoint/checkpoint';
import { KnownItems } from '../../../models/checkpoint/known-items';
import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import { presetConfig } from '../../../models/config';
import { nothingHeldOut, splitLog, type InteractionLog } from '../../../models/data/interactions';
import { withholdItems } from '../../../models/data/log-changes';
import { createRandom } from '../../../models/math/random';
import type { FitProgress, FitResult } from '../../../models/training/fit-input';
import type { SearchedModel } from '../../../models/training/measure-model';
import { neighbourTable } from '../../../models/training/neighbour-table';
import { logOf, walkingLog } from '../../support/little-log';
import { DIMS, fitLittle, listsOf, littleVectors, NUM_ITEMS } from '../../support/little-training';
import { loadTiger } from '../../support/load-tiger';

const LOG = walkingLog(30, 8, NUM_ITEMS); // of fitLittle

let root: string;
let device: Device;
let fitted: FitResult;
/** The same training for a model that is to serve. */
let served: FitResult;
const phases = new Set<string>();
const servedPhases: string[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tigerql-fit-'));
  device = await openDevice({ backend: 'onnx-cpu', threads: 1 });
  fitted = await fitLittle(device, join(root, 'whole'), { onProgress: ({ phase }) => phases.add(phase) });
  const onProgress = ({ phase }: FitProgress) => void (phase !== servedPhases.at(-1) && servedPhases.push(phase));
  served = await fitLittle(device, join(root, 'served'), { experiment: null, onProgress });
}, 60_000);

afterAll(async () => {
  device.dispose();
  await rm(root, { recursive: true });
});

/** The log in which an item stands only at the end of one user's history. */
function lastBought(user: number, row: number): InteractionLog {
  const log = walkingLog(30, 8, NUM_ITEMS);
  const items = log.items.map((item) => (item === row ? row + 1 : item));
  items[log.offsets[user + 1] - 1] = row;
  return { ...log, items };
}

const TWO_MODELS = {
  ...presetConfig('tiny'),
  seq2seq: { ...presetConfig('tiny').seq2seq, secondModel: true },
};

const neighboursIn = async ({ checkpointDir }: FitResult) =>
  (await loadCheckpoint(checkpointDir)).tensors['item-neighbours'].items;

const weightsIn = (dir: string) => readFile(join(dir, 'weights.safetensors'));

describe('fitTiger', () => {
  it('goes through its phases in order', () => {
    expect([...phases]).toEqual(['TOKENIZER', 'ASSIGNMENT', 'SEQ2SEQ', 'EVALUATION', 'BASELINES', 'DONE']);
  });

  it('has the help of other threads while it measures a model, until that learns what was held out', async () => {
    const events: string[] = [];
    const openHelpers = (model: () => SearchedModel, users: number) => {
      events.push(`${users} users, ${model().weights.length} model`);
      return { helpers: [], dispose: () => Promise.resolve(void events.push('dismissed')) };
    };
    const onProgress = ({ phase }: FitProgress) => void (events.at(-1) !== phase && events.push(phase));
    await fitLittle(device, join(root, 'helped'), { openHelpers, onProgress, experiment: null });
    const ofHelp = events.filter((event) => /users|dismissed/.test(event));
    expect(ofHelp).toEqual(['10 users, 1 model', 'dismissed']);
    expect(events[events.indexOf('dismissed') - 1]).toBe('EVALUATION');
  });

  it('leaves the metrics of what is served, of each head, of the baselines and of the IDs', () => {
    const names = fitted.metrics.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining([
        ...['ndcg@10', 'decoder.ndcg@10', 'item-head.ndcg@10', 'item-head.share', 'seen-kept.ndcg@10'],
        ...['popularity', 'markov', 'item-knn', 'item-knn-damped', 'item-knn-tuned', 'content-knn'].map(
          (name) => `baseline.${name}.mrr`,
        ),
        ...['codebook.0.use', 'codebook.1.perplexity', 'collision.rate'],
      ]),
    );
  });

  it('learns neither whitening nor codebooks from the texts of withheld items', async () => {
    const withheld = Int32Array.of(3, 7);
    const log = withholdItems(walkingLog(30, 8, NUM_ITEMS), withheld);
    const changed = littleVectors();
    for (const row of withheld) changed.fill(5 + row, row * DIMS, (row + 1) * DIMS);
    const tokenizers = [littleVectors(), changed].map(async (vectors, i) => {
      const experiment = { withheld, hasDiversity: false };
      const { checkpointDir } = await fitLittle(device, join(root, `withheld-${i}`), { log, vectors, experiment });
      const { tensors } = await loadCheckpoint(checkpointDir);
      return { tokenizer: tensors.tokenizer, texts: tensors.texts };
    });
    const [one, other] = await Promise.all(tokenizers);
    expect(other).toEqual(one);
  }, 60_000);

  it('leaves a model that serves where no texts tell the items apart', async () => {
    const { tokenizer, ...config } = presetConfig('tiny');
    const { checkpointDir, semanticIds } = await fitLittle(device, join(root, 'no-texts'), {
      config: { ...config, tokenizer: { ...tokenizer, collaborativeSize: 4 } },
      vectors: new Float32Array(NUM_ITEMS * DIMS).fill(0.5),
    });
    const tiger = await loadTiger(checkpointDir, device);
    expect([tiger.texts, tiger.hasItemTexts]).toEqual([null, false]);
    tiger.disposeWhenIdle();
    const [list] = await listsOf(device, checkpointDir, semanticIds, [[3, 4]]);
    expect(new Set(list.map(({ itemId }) => itemId)).size).toBe(5);
  }, 60_000);

  it('says that it has not learned an item whose only interactions were held out', async () => {
    const log = lastBought(0, 5);
    const { checkpointDir } = await fitLittle(device, join(root, 'held-out'), { log });
    const known = KnownItems.of(await loadCheckpoint(checkpointDir));
    expect([4, 5, 6].map((row) => known.has(row))).toEqual([true, false, true]);
  }, 60_000);

  it('has no figures of lists without seen items where all that is held out are repeats, and says so', async () => {
    const warnings: string[] = [];
    const log = logOf(Array.from({ length: 12 }, (_, user) => [0, 1, 2, 0, 1, 2].map((item) => [user + item])));
    const { checkpointDir, metrics, validations } = await fitLittle(device, join(root, 'repeats'), {
      log,
      onWarning: (message) => warnings.push(message),
    });
    const value = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value;
    expect([value('users'), value('targets.repeated'), value('ndcg@10'), value('coverage@10')]).toEqual([
      0,
      1,
      undefined,
      undefined,
    ]);
    expect(value('seen-kept.ndcg@10')).toBeGreaterThan(0);
    expect(value('seen-kept.baseline.own-items.recall@10')).toBe(1); // each took three items, and takes them again
    const { fusion } = (await loadCheckpoint(checkpointDir)).documents;
    expect(fusion).toMatchObject({ seenKept: { itemHeadShare: value('seen-kept.item-head.share') } });
    expect(validations.flat()).toEqual([]);
    expect(warnings).toEqual(expect.arrayContaining([expect.stringContaining('includeSeen: true')]));
  }, 60_000);

  it('also measures lists with seen items where a model serves users who take items again', async () => {
    const log = logOf(Array.from({ length: 18 }, (_, user) => [0, 1, 2, 0, 1, 2].map((item) => [user + item])));
    const { metrics } = await fitLittle(device, join(root, 'served-repeats'), { log, experiment: null });
    const value = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value;
    expect(value('seen-kept.ndcg@10')).toBeGreaterThan(0);
    expect(value('seen-kept.decoder.ndcg@10')).toBeGreaterThan(0);
    expect(value('seen-kept.baseline.own-items.recall@10')).toBe(1);
  }, 60_000);

  it('measures a model that serves on a third of the users, and then lets it learn what was held out', async () => {
    const measured = ['EVALUATION', 'REFRESH', 'BASELINES'];
    expect(servedPhases).toEqual(['TOKENIZER', 'ASSIGNMENT', 'SEQ2SEQ', ...measured, 'DONE']); // to none of them it comes back
    const ofExperiment = new Set(fitted.metrics.map(({ name }) => name));
    expect(served.metrics.filter(({ name }) => !ofExperiment.has(name))).toEqual([]);
    expect(served.metrics).toContainEqual(expect.objectContaining({ name: 'users', value: 10 }));
    const all = neighbourTable(LOG, nothingHeldOut(LOG, splitLog(LOG)), NUM_ITEMS);
    expect((await neighboursIn(served)).data).toEqual(all.items);
  }, 60_000);

  it('learns from users with three interactions, and has figures of them', async () => {
    const log = walkingLog(96, 3, NUM_ITEMS);
    const { metrics } = await fitLittle(device, join(root, 'of-three'), { log, experiment: null });
    const value = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? 0;
    expect(value('users')).toBe(32);
    expect(value('ndcg@10')).toBeGreaterThan(2 * value('baseline.popularity.ndcg@10'));
  }, 60_000);

  it('trains where hardly any item of a large catalogue has ever been bought', async () => {
    const [numItems, random, warnings] = [500, createRandom(1), [] as string[]];
    const fourItems = Array.from({ length: 40 }, () => Array.from({ length: 6 }, () => [random.int(4)]));
    await fitLittle(device, join(root, 'hardly-bought'), {
      itemIds: Int32Array.from({ length: numItems }, (_, row) => row),
      vectors: Float32Array.from({ length: numItems * DIMS }, () => random.normal()),
      log: logOf(fourItems),
      categories: [],
      onWarning: (message) => warnings.push(message),
    });
    expect(warnings.filter((message) => message.includes('diverged'))).toEqual([]);
  });

  it('goes on after a stop in phase REFRESH to the same model', async () => {
    const stop = new AbortController();
    const dir = join(root, 'stopped-refresh');
    const onProgress = ({ phase, step }: FitProgress) =>
      phase === 'REFRESH' && step > 0 && stop.abort(new Error('stopped'));
    const stopped = fitLittle(device, dir, { experiment: null, signal: stop.signal, onProgress });
    await expect(stopped).rejects.toThrow('stopped');
    const resumed = await fitLittle(device, dir, { experiment: null });
    expect(await weightsIn(resumed.checkpointDir)).toEqual(await weightsIn(served.checkpointDir));
    expect([resumed.metrics, await neighboursIn(resumed)]).toEqual([served.metrics, await neighboursIn(served)]);
  }, 60_000);

  it('trains a second model where the preset has one, beside the first, and goes on after a stop to the same two', async () => {
    const seen: string[] = [];
    const changes = { config: TWO_MODELS, experiment: null };
    const whole = await fitLittle(device, join(root, 'two-models'), {
      ...changes,
      onProgress: ({ phase }) => void (phase !== seen.at(-1) && seen.push(phase)),
    });
    const trained = ['SECOND_ITEM_HEAD', 'SEQ2SEQ', 'EVALUATION', 'SECOND_REFRESH', 'REFRESH'];
    expect(seen).toEqual(['TOKENIZER', 'ASSIGNMENT', ...trained, 'BASELINES', 'DONE']);
    expect(whole.parameterCount).toBeGreaterThan(fitted.parameterCount);
    const stop = new AbortController();
    const dir = join(root, 'stopped-second');
    const onProgress = ({ phase, step }: FitProgress) =>
      phase === 'SECOND_ITEM_HEAD' && step > 3 && stop.abort(new Error('stopped'));
    await expect(fitLittle(device, dir, { ...changes, signal: stop.signal, onProgress })).rejects.toThrow('stopped');
    const resumed = await fitLittle(device, dir, changes);
    const secondIn = async ({ checkpointDir }: FitResult) =>
      (await loadCheckpoint(checkpointDir)).tensors['second-weights'];
    expect(await secondIn(resumed)).toEqual(await secondIn(whole));
    expect(resumed.metrics).toEqual(whole.metrics);
    const two = await loadTiger(whole.checkpointDir, device);
    expect(two.parameterCount).toBe(whole.parameterCount);
    two.disposeWhenIdle();
  }, 60_000);

  it.each(['TOKENIZER', 'SEQ2SEQ'])(
    'goes on after a stop in phase %s to the same model',
    async (phase) => {
      const stop = new AbortController();
      const dir = join(root, `stopped-${phase}`);
      const onProgress = (progress: FitProgress) =>
        progress.phase === phase && progress.step > 3 && stop.abort(new Error('stopped'));
      await expect(fitLittle(device, dir, { signal: stop.signal, onProgress })).rejects.toThrow('stopped');
      const resumed = await fitLittle(device, dir);
      expect(await weightsIn(resumed.checkpointDir)).toEqual(await weightsIn(fitted.checkpointDir));
    },
    60_000,
  );
});
