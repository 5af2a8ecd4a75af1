/** The full-size training step on random full histories, run as in the train worker. */
import { createModel } from '../models/checkpoint/model-weights';
import { type Device, hostScalar, type HostTensors } from '../models/compute/device';
import { presetConfig } from '../models/config';
import type { TrieRows } from '../models/decoding/trie';
import { createRandom, type Random } from '../models/math/random';
import { SourceBatch, UNKNOWN_ITEM, type Seq2Seq, type SourceItem, TargetBatch } from '../models/seq2seq/batches';
import { fillNoise } from '../models/seq2seq/blocks';
import { createAdamW } from '../models/training/adamw';
import { openMicroBatchStep } from '../models/training/micro-batches';
import { NOISE_SIZE, batchLoss, trainingStep } from '../models/training/seq2seq-steps';
import { codesOf, uniformRows } from './catalogues';

/** Calls alternate between this many batches, since a real training has a new batch at each step. */
const BATCHES = 4;
/** Rows per piece of a batch that is split: 64 sequences of the paper's size need about 1 GB. */
const PIECE_ROWS = 64;

/** Makes one update. `call` is the number of the update. */
export type Update = (call: number) => Promise<unknown>;

export interface StepSettings {
  readonly preset: 'paper' | 'base';
  /** Histories, each of them full. */
  readonly batchSize: number;
  /** Items of the catalogue; read by `base` only. */
  readonly items: number;
  readonly hasDropout: boolean;
}

export const PAPER_STEP: StepSettings = { preset: 'paper', batchSize: 64, items: 0, hasDropout: true };

/** Computes the whole batch in one graph. */
export function wholeStep(device: Device, settings: StepSettings): Update {
  const { model, training, batches, targetMask } = fullSize(settings);
  const adamw = createAdamW([...model.params.variables.values()], training);
  const compiled = device.compile((inputs) => trainingStep(model, adamw, targetMask, inputs), {
    name: 'step',
  });
  return (call) =>
    compiled.run({
      ...batches[call % BATCHES],
      ...noiseOf(settings, call),
      learningRate: hostScalar(training.learningRate),
      step: hostScalar(call + 1),
    });
}

/** Computes the batch in pieces and adds up their gradients. */
export function microBatchStep(device: Device, settings: StepSettings): Update {
  const { model, training, batches, targetMask } = fullSize(settings);
  const variables = [...model.params.variables.values()];
  const step = openMicroBatchStep(device, {
    name: 'step',
    variables,
    adamw: createAdamW(variables, training),
    loss: (inputs) => batchLoss(model, targetMask, inputs),
    pieces: settings.batchSize / PIECE_ROWS,
  });
  return (call) => step.run(batches[call % BATCHES], noiseOf(settings, call), training.learningRate, call + 1);
}

function fullSize({ preset, batchSize, items }: StepSettings) {
  const config = presetConfig(preset);
  const model = createModel(config, items);
  const rows = items > 0 ? uniformRows(items, preset) : null;
  const batches = Array.from({ length: BATCHES }, (_, seed) => randomBatch(model, rows, batchSize, seed));
  const { training } = config;
  return { model, training, batches, targetMask: rows === null ? ('full' as const) : ('causal' as const) };
}

/** @returns The user's token and a full history. `paper` has one target each, `base` has one after every item. */
function randomBatch(model: Seq2Seq, rows: TrieRows | null, batchSize: number, seed: number): HostTensors {
  const { vocabulary, config } = model;
  const random = createRandom(seed);
  const slots = rows === null ? 1 : config.maxHistory;
  const histories = new SourceBatch(model, batchSize, config.maxHistory);
  const targets = new TargetBatch(model, batchSize, slots);
  for (let row = 0; row < batchSize; row++) {
    const items = Array.from({ length: config.maxHistory + 1 }, () => randomItem(rows, vocabulary, random));
    histories.write(
      row,
      `user-${row}`,
      items.slice(0, -1).map((item) => ({ ...item, kind: 0, at: 0 })),
    );
    targets.write(
      row,
      items.slice(-slots).map((item) => ({ ...item, weight: 1 })),
    );
  }
  return { ...histories.inputs(), ...targets.inputs() };
}

function randomItem(
  rows: TrieRows | null,
  { idLength, codebookSize }: Seq2Seq['vocabulary'],
  random: Random,
): SourceItem {
  if (rows === null)
    return { codes: Array.from({ length: idLength }, () => random.int(codebookSize)), row: UNKNOWN_ITEM };
  const row = random.int(rows.itemIds.length);
  return { codes: codesOf(rows, row), row: row + 1 };
}

/** The time to draw it is part of a step. */
function noiseOf({ hasDropout }: StepSettings, call: number): HostTensors {
  if (!hasDropout) return {};
  const data = new Float32Array(NOISE_SIZE);
  fillNoise(data, call + 1);
  return { noise: { shape: [NOISE_SIZE], data } };
}
