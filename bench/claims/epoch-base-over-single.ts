/** The item-causal encoder trains every position of a history in one pass. The claim compares an epoch with one target at a time. */
import { createModel } from '../../models/checkpoint/model-weights';
import { hostScalar } from '../../models/compute/device';
import { presetConfig, type Seq2SeqConfig } from '../../models/config';
import { splitLog, type InteractionLog } from '../../models/data/interactions';
import { KIND_RULES, PURCHASE } from '../../models/data/kinds';
import { epochBatches, type SequenceBatch } from '../../models/data/sequence-batches';
import { createRandom } from '../../models/math/random';
import { fillNoise } from '../../models/seq2seq/blocks';
import type { TargetMask } from '../../models/seq2seq/position-bias';
import { createAdamW } from '../../models/training/adamw';
import { NOISE_SIZE, trainingStep } from '../../models/training/seq2seq-steps';
import { codesOf, uniformRows } from '../catalogues';
import type { Claim, Figures } from '../claim';
import { benchDevice } from '../devices';

const USERS = 64;
const ITEMS = 1000;
/** Targets in a batch; the same for both, and small, so that one target at a time has few rows of padding. */
const BATCH = 64;
/**
 * Interactions of each user in the training part. Windows of 25 sources have no padding; one target at a time reads 13 items on average,
 * 17 with it.
 */
const TRAINED = 26;
const HELD_OUT = 2;

export const epochOfBase: Claim = {
  name: 'epoch-base-over-single',
  what: 'an epoch of preset base against the same targets one at a time, in batches of as many targets',
  unit: 'CPU s',
  limits: [{ on: 'ratio', atMost: 0.4 }],
  measure: () => measureEpoch('item-causal'),
  peer: { kind: 'measure', measure: () => measureEpoch('bidirectional') },
};

async function measureEpoch(encoder: Seq2SeqConfig['encoder']): Promise<Figures> {
  const preset = presetConfig('base');
  // The item head is off: its work is the same in both.
  const model = createModel({ ...preset, seq2seq: { ...preset.seq2seq, encoder, itemHead: false } }, ITEMS);
  const training = { ...preset.training, batchSize: BATCH, microBatchSize: BATCH };
  const device = await benchDevice('all');
  const adamw = createAdamW([...model.params.variables.values()], training);
  const stepOf = (targetMask: TargetMask) =>
    device.compile((inputs) => trainingStep(model, adamw, targetMask, inputs), {
      name: targetMask,
      maxShapes: 16,
    });
  const steps = { causal: stepOf('causal'), full: stepOf('full') };
  const rows = uniformRows(ITEMS, 'base');
  const semanticIds = Array.from({ length: ITEMS }, (_, row) => codesOf(rows, row));
  const log = equalHistories();
  const source = { model, log, split: splitLog(log), semanticIds, seed: 1 };
  const batches = [...epochBatches(source, training, 0)];
  const noise = new Float32Array(NOISE_SIZE);
  let done = 0;
  const run = ({ targetMask, inputs }: SequenceBatch) => {
    fillNoise(noise, ++done);
    return steps[targetMask].run({
      ...inputs,
      noise: { shape: [NOISE_SIZE], data: noise },
      learningRate: hostScalar(training.learningRate),
      step: hostScalar(done),
    });
  };
  for (const batch of onePerShape(batches)) await run(batch); // compiles
  const begin = process.cpuUsage();
  for (const batch of batches) await run(batch);
  const { user, system } = process.cpuUsage(begin);
  const targets = batches.reduce((sum, { numTargets }) => sum + numTargets, 0);
  return { value: (user + system) / 1e6, notes: { targets, batches: batches.length } };
}

function onePerShape(batches: readonly SequenceBatch[]): SequenceBatch[] {
  const key = ({ targetMask, inputs }: SequenceBatch) =>
    `${targetMask} ${inputs.tokens.shape.join()} ${inputs.targets.shape.join()}`;
  return [...new Map(batches.map((batch) => [key(batch), batch])).values()];
}

function equalHistories(): InteractionLog {
  const random = createRandom(4);
  const length = TRAINED + HELD_OUT;
  const total = USERS * length;
  return {
    userKeys: Array.from({ length: USERS }, (_, user) => `user-${user}`),
    offsets: Int32Array.from({ length: USERS + 1 }, (_, user) => user * length),
    items: Int32Array.from({ length: total }, () => random.int(ITEMS)),
    times: Float64Array.from({ length: total }, (_, at) => at),
    kinds: new Uint8Array(total).fill(PURCHASE),
    counts: new Int32Array(total).fill(1),
    rules: KIND_RULES,
  };
}
