/** The full-size training step on random full histories, as the train worker runs it. */
import { createModel } from '../models/checkpoint/model-weights';
import type { HostTensors } from '../models/compute/device';
import { createRandom } from '../models/math/random';
import { fillDropoutNoise } from '../models/seq2seq/blocks';
import { SourceBatch, UNKNOWN_ITEM, type Seq2Seq } from '../models/seq2seq/source';
import { presetConfig, type Device } from '../models/tiger';
import { createAdamW } from '../models/training/adamw';
import { openMicroBatchStep } from '../models/training/micro-batches';
import { NOISE_SIZE, batchLoss, trainingStep } from '../models/training/train-seq2seq';

/** Different batches take turns, as in a real training. */
const BATCHES = 4;
/** Rows of a piece when a batch is split: 64 paper-sized sequences take about 1 GB. */
const PIECE_ROWS = 64;

/** One update of the `paper` model; the number says which of them it is. */
export type Update = (call: number) => Promise<unknown>;

/** The whole batch in one graph. */
export function wholeStep(device: Device, batchSize: number): Update {
  const { model, training, batches } = fullSize(batchSize);
  const adamw = createAdamW([...model.params.variables.values()], training);
  const compiled = device.compile((inputs) => trainingStep(model, training, adamw, 'all', inputs), { name: 'step' });
  return (call) =>
    compiled.run({
      ...batches[call % BATCHES],
      noise: noiseOf(model, call),
      learningRate: { shape: [], data: Float32Array.of(training.learningRate) },
      step: { shape: [], data: Float32Array.of(call + 1) },
    });
}

/** The batch in pieces whose gradients are summed. */
export function microBatchStep(device: Device, batchSize: number): Update {
  const { model, training, batches } = fullSize(batchSize);
  const variables = [...model.params.variables.values()];
  const step = openMicroBatchStep(device, {
    name: 'step',
    variables,
    adamw: createAdamW(variables, training),
    loss: (inputs) => batchLoss(model, training.labelSmoothing, 'all', inputs),
    pieces: batchSize / PIECE_ROWS,
  });
  return (call) => step.run(batches[call % BATCHES], { noise: noiseOf(model, call) }, training.learningRate, call + 1);
}

function fullSize(batchSize: number) {
  const config = presetConfig('paper');
  const model = createModel(config, 0);
  const batches = Array.from({ length: BATCHES }, (_, seed) => randomBatch(model, batchSize, seed));
  return { model, training: config.training, batches };
}

/** 20 items and the user's token in, one item out: 81 + 4 tokens. */
function randomBatch(model: Seq2Seq, batchSize: number, seed: number): HostTensors {
  const { vocabulary, config } = model;
  const { depth, width } = vocabulary;
  const random = createRandom(seed);
  const item = () => ({ codes: Array.from({ length: depth }, () => random.int(width)), row: UNKNOWN_ITEM });
  const histories = new SourceBatch(model, batchSize, config.maxHistory);
  for (let row = 0; row < batchSize; row++)
    histories.write(row, `user-${row}`, Array.from({ length: config.maxHistory }, item));
  const targets = Int32Array.from({ length: batchSize * depth }, () => random.int(width));
  return {
    ...histories.inputs(),
    targets: { shape: [batchSize, 1, depth], data: targets },
    weights: { shape: [batchSize, 1], data: new Float32Array(batchSize).fill(1) },
  };
}

function noiseOf({ config }: Seq2Seq, call: number) {
  const data = new Float32Array(NOISE_SIZE);
  fillDropoutNoise(data, config.dropout, call + 1);
  return { shape: [NOISE_SIZE], data };
}
