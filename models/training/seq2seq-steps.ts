/** One update of the sequence model, as functions that a device can compile. */
import * as tf from '@tensorflow/tfjs';
import type { Tensor, Variable } from '@tensorflow/tfjs';

import { type Device, hostScalar } from '../compute/device';
import type { TrainingConfig } from '../config';
import { crossEntropy, dropoutsFrom, noDropout, type Dropout } from '../seq2seq/blocks';
import { itemLosses } from '../seq2seq/item-head';
import type { TargetMask } from '../seq2seq/position-bias';
import { isSeq2Seq, type Encoder, type Seq2Seq } from '../seq2seq/source';
import { decode, encode } from '../seq2seq/transformer';
import type { AdamW } from './adamw';
import type { StepOutcome } from './divergence';
import { openMicroBatchStep, type MicroBatchStep } from './micro-batches';

/** Random numbers per step, from which all dropout masks are cut. */
export const NOISE_SIZE = 1 << 18;

/** A batch of one micro-batch is computed in one piece, which saves the sums of gradients. */
export function openTrainingStep(
  device: Device,
  model: Encoder,
  config: TrainingConfig,
  adamw: AdamW,
  targetMask: TargetMask,
): MicroBatchStep {
  const name = `train-step-${targetMask}`;
  const pieces = config.batchSize / config.microBatchSize;
  if (pieces > 1) {
    const loss = (inputs: Record<string, Tensor>) => batchLoss(model, config, targetMask, inputs);
    const variables = [...model.params.variables.values()];
    return openMicroBatchStep(device, { name, variables, adamw, loss, pieces });
  }
  const whole = device.compile((inputs) => trainingStep(model, config, adamw, targetMask, inputs), {
    name,
    maxShapes: 16,
  });
  return {
    async run(batch, shared, learningRate, step) {
      const scalars = { learningRate: hostScalar(learningRate), step: hostScalar(step) };
      const { loss, gradientNorm } = await whole.run({ ...batch, ...shared, ...scalars });
      return { loss: loss.data[0], gradientNorm: gradientNorm.data[0] };
    },
    dispose: () => whole.dispose(),
  };
}

/**
 * One update: forward, cross-entropy of every code of every real target, gradients, AdamW.
 *
 * @param inputs - The inputs of a `SequenceBatch`; `noise` float32 `[P]`; `learningRate` and `step`, float32 scalars.
 * @returns `loss`, in nats per code; `gradientNorm`, before clipping. Both are float32 scalars.
 */
export function trainingStep(
  model: Encoder,
  config: TrainingConfig,
  adamw: AdamW,
  targetMask: TargetMask,
  inputs: Record<string, Tensor>,
): Record<string, Tensor> {
  const variables = [...model.params.variables.values()];
  const { value, grads } = tf.variableGrads(() => batchLoss(model, config, targetMask, inputs) as tf.Scalar, variables);
  const gradients = variables.map((variable) => grads[variable.name]);
  const gradientNorm = adamw.update(gradients, inputs.learningRate as tf.Scalar, inputs.step as tf.Scalar);
  return { loss: value, gradientNorm };
}

/**
 * The mean cross-entropy per code over the real targets, in nats. With an item head, the cross-entropy of the item is added, with
 * the same weight as all codes of an item together; an encoder alone has only that. There is dropout only if `inputs.noise` is given,
 * and the item's softmax is over a sample only if `inputs.softmaxItems` and `inputs.softmaxWeights` are: see softmax-sample.ts.
 */
export function batchLoss(
  model: Encoder,
  { labelSmoothing }: Pick<TrainingConfig, 'labelSmoothing'>,
  targetMask: TargetMask,
  inputs: Record<string, Tensor>,
): Tensor {
  const { weights, noise } = inputs;
  const rates = [model.config.dropout, model.config.decoderDropout];
  const [ofEncoder, ofDecoder] = noise === undefined ? [noDropout, noDropout] : dropoutsFrom(noise, rates);
  const states = encode(model, { tokens: inputs.tokens, mask: inputs.mask, items: inputs.items }, ofEncoder);
  const parts = [
    ...(isSeq2Seq(model) ? [codeLosses(model, labelSmoothing, states, targetMask, inputs, ofDecoder)] : []),
    ...(model.params.itemVectors === null ? [] : [ofTargets(model.params.itemVectors, states, targetMask, inputs)]),
  ];
  const losses = parts.length === 1 ? parts[0] : tf.add(parts[0], parts[1]);
  return tf.div(tf.sum(tf.mul(losses, weights)), tf.mul(tf.sum(weights), model.vocabulary.idLength));
}

/** @returns The sum over the codes of each target; float32 `[B, T]`. */
function codeLosses(
  model: Seq2Seq,
  labelSmoothing: number,
  states: Tensor,
  targetMask: TargetMask,
  { mask, targets, weights }: Record<string, Tensor>,
  dropout: Dropout,
): Tensor {
  const { idLength, codebookSize } = model.vocabulary;
  const logits = decode(model, states, mask, targets, targetMask, dropout); // → [idLength, B · T, K]
  const codes = tf.transpose(tf.reshape(targets, [-1, idLength]), [1, 0]); // → [idLength, B · T]
  const labels = tf.oneHot(
    codes as tf.Tensor2D,
    codebookSize,
    1 - labelSmoothing + labelSmoothing / codebookSize,
    labelSmoothing / codebookSize,
    'float32',
  );
  return tf.reshape(tf.sum(crossEntropy(logits, labels), 0), weights.shape);
}

/** @returns float32 `[B, T]`. */
function ofTargets(
  itemVectors: Variable,
  states: Tensor,
  targetMask: TargetMask,
  { targetItems, softmaxItems, softmaxWeights }: Record<string, Tensor>,
): Tensor {
  const sample = softmaxItems && { items: softmaxItems, logWeights: softmaxWeights };
  return itemLosses(states, targetItems, targetMask, itemVectors, sample);
}

/**
 * Limits that only a training that diverges exceeds. A model that guesses has the loss ln K per code, and ln N per item for the
 * item head; a start is worse than a guess, but not ten times. Clipping bounds what a large gradient does, but a norm a thousand
 * times that large is noise.
 */
export function divergedFrom(model: Encoder, { clipNorm }: Pick<TrainingConfig, 'clipNorm'>): StepOutcome {
  const { idLength, codebookSize } = model.vocabulary;
  const numItems = model.params.itemVectors?.shape[0] ?? 1;
  const guess = Math.log(codebookSize) + Math.log(numItems) / idLength;
  return { loss: 10 * guess, gradientNorm: 1000 * clipNorm };
}
