/** Makes a sequence model from its configuration, and moves its weights to and from checkpoints. */
import type { Adoptable, Device, HostTensor, HostTensors } from '../compute/device';
import { readAll } from '../compute/variables';
import type { TigerConfig } from '../config';
import type { Seq2Seq } from '../seq2seq/batches';
import { createParameters } from '../seq2seq/parameters';
import { createVocabulary } from '../seq2seq/vocabulary';
import { CheckpointError } from './checkpoint';

/** Tensors of which some may lie elsewhere than in memory. */
export type AdoptableTensors = Readonly<Record<string, Pick<HostTensor, 'shape'> & { readonly data: Adoptable }>>;

/** @returns A model with random weights; if the seed is null, with zeros that are to be overwritten. */
export function createModel(config: TigerConfig, numItems: number, seed: number | null = config.seed): Seq2Seq {
  const { tokenizer, seq2seq } = config;
  const vocabulary = createVocabulary(tokenizer.numLevels, tokenizer.codebookSize, seq2seq.userTokens);
  return { config: seq2seq, vocabulary, params: createParameters(seq2seq, vocabulary, seed, numItems) };
}

export function weightsOf(model: Seq2Seq, device: Device): HostTensors {
  return readAll(device, model.params.variables);
}

/**
 * @param weights - The device may keep these arrays.
 * @param dir - Where they were read from, for messages.
 * @returns A model that has them.
 * @throws {CheckpointError} As `restoreWeights`.
 */
export function modelOf(
  config: TigerConfig,
  numItems: number,
  weights: AdoptableTensors,
  device: Device,
  dir: string,
): Seq2Seq {
  const model = createModel(config, numItems, null);
  restoreWeights(model, weights, device, dir);
  return model;
}

/**
 * @param weights - The device may keep these arrays.
 * @throws {CheckpointError} When a weight is missing or of another shape than the model's.
 */
export function restoreWeights(model: Seq2Seq, weights: AdoptableTensors, device: Device, dir: string): void {
  for (const [name, variable] of model.params.variables) {
    const found = weights[name];
    if (found === undefined || found.shape.join() !== variable.shape.join()) {
      throw new CheckpointError(
        `${dir}: weight ${name}: expected shape [${variable.shape}], got ${found ? `[${found.shape}]` : 'none'}`,
      );
    }
    device.write(variable, found.data);
  }
}
