/** One update of the sequence model, as functions that a device can compile. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

import { type Device, hostScalar } from '../compute/device';
import type { TrainingConfig } from '../config';
import type { Seq2Seq } from '../seq2seq/batches';
import { crossEntropy, dropoutsFrom, noDropout } from '../seq2seq/blocks';
import { itemLosses } from '../seq2seq/item-head';
import type { TargetMask } from '../seq2seq/position-bias';
import { decode, encode } from '../seq2seq/transformer';
import type { Vocabulary } from '../seq2seq/vocabulary';
import type { AdamW } from './adamw';
import { variableGrads } from './gradients';
import { openMicroBatchStep, type MicroBatchStep } from './micro-batches';
import type { StepOutcome } from './phase-state';

/** Random numbers per step, from which all dropout masks are cut. */
export const NOISE_SIZE = 1 << 18;

/** A batch of one micro-batch is computed in one piece, which saves the sums of gradients. */
export function openTrainingStep(
  device: Device,
  model: Seq2Seq,
  config: TrainingConfig,
  adamw: AdamW,
  targetMask: TargetMask,
): MicroBatchStep {
  const name = `train-step-${targetMask}`;
  const pieces = config.batchSize / config.microBatchSize;
  if (pieces > 1) {
    const loss = (inputs: Record<string, Tensor>) => batchLoss(model, targetMask, inputs);
    const variables = [...model.params.variables.values()];
    return openMicroBatchStep(device, { name, variables, adamw, loss, pieces });
  }
  const whole = device.compile((inputs) => trainingStep(model, adamw, targetMask, inputs), {
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
  model: Seq2Seq,
  adamw: AdamW,
  targetMask: TargetMask,
  inputs: Record<string, Tensor>,
): Record<string, Tensor> {
  const variables = [...model.params.variables.values()];
  const { value, grads } = variableGrads(() => batchLoss(model, targetMask, inputs) as tf.Scalar, variables);
  const gradients = variables.map((variable) => grads[variable.name]);
  const gradientNorm = adamw.update(gradients, inputs.learningRate as tf.Scalar, inputs.step as tf.Scalar);
  return { loss: value, gradientNorm };
}

/**
 * The mean cross-entropy per code over the real targets, in nats. With an item head, the cross-entropy of the item is added, with
 * the same weight as all codes of an item together. There is dropout only if `inputs.noise` is given, the items of its softmax stand for
 * others only if `inputs.softmaxWeights` is (see `SampledItems`), and a code's softmax is over those that the trie allows only if
 * `inputs.allowedCodes` is: see `AllowedCodes`.
 */
export function batchLoss(model: Seq2Seq, targetMask: TargetMask, inputs: Record<string, Tensor>): Tensor {
  const { tokens, mask, items, kinds, gaps, targets, targetItems, weights, softmaxWeights, noise } = inputs;
  const { itemVectors } = model.params;
  const [ofEncoder, ofDecoder] =
    noise === undefined
      ? [noDropout, noDropout]
      : dropoutsFrom(noise, [model.config.dropout, model.config.decoderDropout]);
  const states = encode(model, { tokens, mask, items, kinds, gaps }, ofEncoder);
  const logits = decode(model, states, mask, targets, targetMask, ofDecoder);
  const ofCodes = codeLosses(logits, inputs, model.vocabulary);
  const losses =
    itemVectors === null
      ? ofCodes
      : tf.add(ofCodes, itemLosses(states, targetItems, targetMask, itemVectors, softmaxWeights));
  return tf.div(tf.sum(tf.mul(losses, weights)), tf.mul(tf.sum(weights), model.vocabulary.idLength));
}

/** The cross-entropy of all codes of a target, `[idLength, B · T, K]` → `[B, T]`. */
function codeLosses(
  logits: Tensor,
  { targets, weights, allowedCodes }: Record<string, Tensor>,
  { idLength, codebookSize }: Vocabulary,
): Tensor {
  const codes = tf.transpose(tf.reshape(targets, [-1, idLength]), [1, 0]); // → [idLength, B · T]
  const labels = tf.oneHot(codes as tf.Tensor2D, codebookSize, 1, 0, 'float32');
  const allowed = allowedCodes && tf.transpose(tf.reshape(allowedCodes, [-1, idLength, codebookSize]), [1, 0, 2]);
  const scores = allowed === undefined ? logits : tf.add(logits, allowed);
  return tf.reshape(tf.sum(crossEntropy(scores, labels), 0), weights.shape);
}

/**
 * Limits that only a training that diverges exceeds. A model that guesses has the loss ln K per code, and ln N per item for the
 * item head; a start is worse than a guess, but not ten times. Clipping bounds what a large gradient does, but a norm a thousand
 * times that large is noise.
 */
export function divergedFrom(model: Seq2Seq, { clipNorm }: Pick<TrainingConfig, 'clipNorm'>): StepOutcome {
  const { idLength, codebookSize } = model.vocabulary;
  const numItems = model.params.itemVectors?.shape[0] ?? 1;
  const guess = Math.log(codebookSize) + Math.log(numItems) / idLength;
  return { loss: 10 * guess, gradientNorm: 1000 * clipNorm };
}
