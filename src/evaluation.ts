/** One run of the experiment: train on a dataset's histories, then rank what was held out of them. No database. */
import { itemText } from '../models/item-features';
import { presetConfig, type PresetName } from '../models/config';
import type { DeviceKind } from '../models/compute/device';
import type { Dataset } from './datasets/dataset';
import { itemCategories } from './item-categories';
import { SENTENCE_DIMS } from './sentence-encoder';
import { createCodeAssigner } from './text-encoder';
import { runTraining, type TrainingEvents } from './training-runner';
import type { EncodeProtocol, TrainRequest, TrainResult } from './workers/messages';
import { spawnWorker } from './workers/spawn-worker';

export interface EvaluationOptions {
  readonly preset: PresetName;
  readonly seed: number;
  readonly backend: DeviceKind | 'auto';
  /** Where the run keeps its state; the same call with the same folder goes on where it was cut short. */
  readonly workDir: string;
}

export interface Evaluation {
  readonly dataset: string;
  readonly preset: PresetName;
  readonly seed: number;
  readonly device: string;
  readonly parameterCount: number;
  /** Wall time of training and evaluation together. */
  readonly seconds: number;
  /** Held-out quality with 95 % intervals, the floors as `floor.NAME.METRIC`, and the codebooks' use. */
  readonly metrics: TrainResult['metrics'];
}

/** @throws The signal's reason when it is aborted. */
export async function evaluateDataset(
  dataset: Dataset,
  { preset, seed, backend, workDir }: EvaluationOptions,
  events: TrainingEvents,
  signal: AbortSignal,
): Promise<Evaluation> {
  const begin = performance.now();
  const request: TrainRequest = {
    type: 'train',
    jobId: 0,
    config: presetConfig(preset, seed),
    jobDir: workDir,
    ...(await readArrays(dataset)),
    tokenizerFrom: null,
    presentCodes: null,
    report: 'full',
  };
  const encoder = spawnWorker<EncodeProtocol>('encode');
  try {
    const result = await runTraining(request, createCodeAssigner(encoder), { backend }, events, signal);
    const { device, parameterCount, metrics } = result;
    const seconds = (performance.now() - begin) / 1000;
    return { dataset: dataset.dir, preset, seed, device, parameterCount, seconds, metrics };
  } finally {
    await encoder.dispose();
  }
}

type DatasetArrays = Pick<
  TrainRequest,
  'itemIds' | 'texts' | 'vectors' | 'dims' | 'categories' | 'userKeys' | 'offsets' | 'itemRows' | 'times'
>;

/** Items are known by their row: item id r is row r. */
async function readArrays(dataset: Dataset): Promise<DatasetArrays> {
  const dims = dataset.vectors?.dims ?? SENTENCE_DIMS;
  const vectors = new Float32Array(dataset.counts.items * dims).fill(NaN);
  const rows = new Map<string, number>();
  const texts: string[] = [];
  const paths: (readonly string[])[] = [];
  for await (const item of dataset.items()) {
    if (item.vector !== null) vectors.set(item.vector, texts.length * dims);
    rows.set(item.externalId, texts.length);
    texts.push(itemText(item));
    paths.push(item.categories);
  }
  const itemIds = Int32Array.from(texts.keys());
  const categories = itemCategories(paths);
  return { itemIds, texts, vectors, dims, categories, ...(await readHistories(dataset, rows)) };
}

async function readHistories(dataset: Dataset, rows: ReadonlyMap<string, number>) {
  const { users, interactions } = dataset.counts;
  const userKeys: string[] = [];
  const offsets = new Int32Array(users + 1);
  const itemRows = new Int32Array(interactions);
  const times = new Float64Array(interactions);
  let end = 0;
  for await (const sequence of dataset.sequences()) {
    itemRows.set(
      sequence.itemExternalIds.map((id) => rows.get(id)!), // the dataset has been checked
      end,
    );
    times.set(sequence.times, end);
    end += sequence.times.length;
    userKeys.push(sequence.userExternalId);
    offsets[userKeys.length] = end;
  }
  return { userKeys, offsets, itemRows, times };
}
