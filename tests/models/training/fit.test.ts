import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { loadCheckpoint } from '../../../models/checkpoint/checkpoint';
import { KnownItems } from '../../../models/checkpoint/known-items';
import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import { servedSplit } from '../../../models/data/date-split';
import type { InteractionLog } from '../../../models/data/interactions';
import { neighbourTable } from '../../../models/training/counted-evidence';
import type { FitProgress, FitResult } from '../../../models/training/fit-input';
import type { SearchedModel } from '../../../models/training/measure-model';
import { logOf, walkingLog } from '../../support/little-log';
import { fitLittle, NUM_ITEMS } from '../../support/little-training';
import { temporaryFolder } from '../../support/temporary-folder';

/** Item 5 stands only at the end of the history of a user who validates. */
const LOG = lastBought(5, 5);
/** A training whose model is to serve. */
const SERVED = { experiment: null };

const root = temporaryFolder();
let device: Device;
/** A training of an experiment, and one of SERVED. */
let fitted: FitResult;
let served: FitResult;
const phases: string[] = [];
/** Phases of the served training, and what became of the help of other threads. */
const events: string[] = [];

const fit = (name: string, changes: Parameters<typeof fitLittle>[2] = {}) =>
  fitLittle(device, join(root, name), { log: LOG, ...changes });

beforeAll(async () => {
  device = await openDevice({ backend: 'onnx-cpu', threads: 1 });
  const note =
    (told: string[]) =>
    ({ phase }: FitProgress) =>
      void (phase !== told.at(-1) && told.push(phase));
  fitted = await fit('whole', { onProgress: note(phases) });
  const openHelpers = (_: () => SearchedModel, users: number) => {
    events.push(`help for ${users} users`);
    return { helpers: [], dispose: () => Promise.resolve(void events.push('help dismissed')) };
  };
  served = await fit('served', { ...SERVED, onProgress: note(events), openHelpers });
}, 60_000);

afterAll(() => device.dispose());

function lastBought(user: number, row: number): InteractionLog {
  const log = walkingLog(30, 8, NUM_ITEMS);
  const items = log.items.map((item) => (item === row ? row + 1 : item));
  items[log.offsets[user + 1] - 1] = row;
  return { ...log, items };
}

/** Stops a training at the fourth step of a phase. */
async function stopIn(name: string, phase: FitProgress['phase'], changes: Parameters<typeof fitLittle>[2] = {}) {
  const stop = new AbortController();
  const onProgress = (progress: FitProgress) =>
    progress.phase === phase && progress.step > 3 && stop.abort(new Error('stopped'));
  await expect(fit(name, { ...changes, signal: stop.signal, onProgress })).rejects.toThrow('stopped');
}

const weightsIn = ({ checkpointDir }: FitResult) => readFile(join(checkpointDir, 'weights.safetensors'));
const tensorsIn = async ({ checkpointDir }: FitResult) => (await loadCheckpoint(checkpointDir)).tensors;

describe('fitTiger', () => {
  it('goes through its phases in order', () => {
    expect(phases).toEqual(['TOKENIZER', 'ASSIGNMENT', 'SEQ2SEQ', 'EVALUATION', 'BASELINES', 'DONE']);
  });

  it('has the help of other threads until a model that is to serve learns what was held out', () => {
    expect(events).toEqual([
      ...['TOKENIZER', 'ASSIGNMENT', 'SEQ2SEQ', 'help for 9 users', 'EVALUATION'],
      ...['help dismissed', 'REFRESH', 'BASELINES', 'DONE'],
    ]);
  });

  it('leaves the metrics of what is served, of each head, of the baselines and of the IDs', () => {
    const names = fitted.metrics.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining([
        ...['ndcg@10', 'decoder.ndcg@10', 'item-head.ndcg@10', 'share.itemHead', 'seen-kept.ndcg@10'],
        ...['popularity', 'markov', 'item-knn', 'item-knn-tuned', 'counts-and-texts', 'content-knn'].map(
          (name) => `baseline.${name}.mrr`,
        ),
        ...['codebook.0.use', 'codebook.1.perplexity', 'collision.rate'],
      ]),
    );
  });

  it.each([
    ['of an experiment', () => fitted],
    ['that is to serve', () => served],
  ])('says that a model %s has not learned an item whose only interactions were held out', async (_, result) => {
    const known = KnownItems.of(await loadCheckpoint(result().checkpointDir));
    expect([4, 5, 6].map((row) => known.has(row))).toEqual([true, false, true]);
  });

  it('has no figures of lists without seen items where all that is held out are repeats, and says so', async () => {
    const warnings: string[] = [];
    const log = logOf(Array.from({ length: 12 }, (_, user) => [0, 1, 2, 0, 1, 2].map((item) => [user + item])));
    const { checkpointDir, metrics, validations } = await fit('repeats', {
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
    const { weights } = (await loadCheckpoint(checkpointDir)).documents;
    expect(weights).toMatchObject({ seenKept: { shares: { repeats: value('seen-kept.share.repeats') } } });
    expect(validations.flat()).toEqual([]);
    expect(warnings).toEqual(expect.arrayContaining([expect.stringContaining('includeSeen is false')]));
  }, 60_000);

  it('measures a model that serves on a third of the users, and then lets it learn what was held out', async () => {
    const ofExperiment = new Set(fitted.metrics.map(({ name }) => name));
    const ofServed = served.metrics.map(({ name }) => name).filter((name) => !ofExperiment.has(name));
    expect(ofServed.filter((name) => !name.startsWith('last-phase.'))).toEqual([]);
    expect(served.metrics).toContainEqual(expect.objectContaining({ name: 'users', value: 9 })); // one of ten already has what is held out
    expect(served.metrics).toContainEqual(expect.objectContaining({ name: 'last-phase.users', value: 9 })); // all of them stay out
    const measured = neighbourTable(LOG, servedSplit(LOG, 1), NUM_ITEMS);
    const learned = (await tensorsIn(served))['item-neighbours'];
    expect(learned.weights.data.length).toBeGreaterThan(measured.weights.length); // those of the users who validated, too
  });

  it('goes on after a stop in each phase to the same model', async () => {
    await stopIn('stopped-served', 'TOKENIZER', SERVED);
    await stopIn('stopped-served', 'SEQ2SEQ', SERVED);
    await stopIn('stopped-served', 'REFRESH', SERVED);
    const resumed = await fit('stopped-served', SERVED);
    expect(await weightsIn(resumed)).toEqual(await weightsIn(served));
    expect(await tensorsIn(resumed)).toEqual(await tensorsIn(served));
    expect(resumed.metrics).toEqual(served.metrics);
  }, 60_000);
});
