/** The full-size training step on random full histories, run as in the train worker. */
import { createModel } from '../models/checkpoint/model-weights';
import type { HostTensors, Device } from '../models/compute/device';
import { presetConfig } from '../models/config';
import { createRandom } from '../models/math/random';
import { fillNoise } from '../models/seq2seq/blocks';
import { SourceBatch, UNKNOWN_ITEM, type Seq2Seq } from '../models/seq2seq/source';
import { createAdamW } from '../models/training/adamw';
import { openMicroBatchStep } from '../models/training/micro-batches';
import { NOISE_SIZE, batchLoss, trainingStep } from '../models/training/seq2seq-steps';

/** Calls alternate between this many batches, since a real training has a new batch at each step. */
const BATCHES = 4;
/** Rows per piece of a batch that is split: 64 sequences of the paper's size need about 1 GB. */
const PIECE_ROWS = 64;

/** Makes one update of the `paper` model. `call` is the number of the update. */
export type Update = (call: number) => Promise<unknown>;

/** Computes the whole batch in one graph. */
export function wholeStep(device: Device, batchSize: number): Update {
  const { model, training, batches } = fullSize(batchSize);
  const adamw = createAdamW([...model.params.variables.values()], training);
  const compiled = device.compile((inputs) => trainingStep(model, training, adamw, 'full', inputs), { name: 'step' });
  return (call) =>
    compiled.run({
      ...batches[call % BATCHES],
      noise: noiseOf(call),
      learningRate: { shape: [], data: Float32Array.of(training.learningRate) },
      step: { shape: [], data: Float32Array.of(call + 1) },
    });
}

/** Computes the batch in pieces and adds up their gradients. */
export function microBatchStep(device: Device, batchSize: number): Update {
  const { model, training, batches } = fullSize(batchSize);
  const variables = [...model.params.variables.values()];
  const step = openMicroBatchStep(device, {
    name: 'step',
    variables,
    adamw: createAdamW(variables, training),
    loss: (inputs) => batchLoss(model, training, 'full', inputs),
    pieces: batchSize / PIECE_ROWS,
  });
  return (call) => step.run(batches[call % BATCHES], { noise: noiseOf(call) }, training.learningRate, call + 1);
}

function fullSize(batchSize: number) {
  const config = presetConfig('paper');
  const model = createModel(config, 0);
  const batches = Array.from({ length: BATCHES }, (_, seed) => randomBatch(model, batchSize, seed));
  return { model, training: config.training, batches };
}

/** @returns Histories of 20 items and the user's token, and one target each: 81 + 4 tokens. */
function randomBatch(model: Seq2Seq, batchSize: number, seed: number): HostTensors {
  const { vocabulary, config } = model;
  const { idLength, width } = vocabulary;
  const random = createRandom(seed);
  const item = () => ({ codes: Array.from({ length: idLength }, () => random.int(width)), row: UNKNOWN_ITEM });
  const histories = new SourceBatch(model, batchSize, config.maxHistory);
  for (let row = 0; row < batchSize; row++)
    histories.write(row, `user-${row}`, Array.from({ length: config.maxHistory }, item));
  const targets = Int32Array.from({ length: batchSize * idLength }, () => random.int(width));
  return {
    ...histories.inputs(),
    targets: { shape: [batchSize, 1, idLength], data: targets },
    weights: { shape: [batchSize, 1], data: new Float32Array(batchSize).fill(1) },
  };
}

function noiseOf(call: number) {
  const data = new Float32Array(NOISE_SIZE);
  fillNoise(data, call + 1);
  return { shape: [NOISE_SIZE], data };
}
