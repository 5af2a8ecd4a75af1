/** Scores codes for the beam search, with compiled encoder and decoder steps on batches of few different shapes. */
import { availableParallelism } from 'node:os';

import * as tf from '@tensorflow/tfjs';
import type { Tensor, Variable } from '@tensorflow/tfjs';

import { type Compiled, type Device, type HostTensor, type HostTensors } from '../compute/device';
import type { StepRows, StepScorer } from '../decoding/beam-search';
import type { NormedLogits } from '../decoding/neighbour-mixture';
import { decodeStep, historyMemory } from './decode-step';
import { openItemScorer, pickRows, type ItemWeighing } from './item-scorer';
import { SourceBatch, type Seq2Seq, type SourceItem } from './source';
import { encode } from './transformer';
import { BEGIN_TOKEN, levelOffset } from './vocabulary';

/** What the model knows of a user. */
export interface DecodeHistory {
  /** Hashed into a user token; null: an anonymous history. */
  readonly userKey: string | null;
  /** Oldest first; only the last `maxHistory` are read. */
  readonly items: readonly SourceItem[];
}

/** One batch of histories that the encoder has read, ready to be decoded level by level. */
export interface BatchScorer extends StepScorer {
  /** @returns What the item head says of every item known in training; null for a model without one. */
  itemScores(user: number): NormedLogits | null;
}

export interface Scorer {
  start(histories: readonly DecodeHistory[], weighing?: Partial<ItemWeighing>): Promise<BatchScorer>;
  dispose(): void;
}

export interface ScorerOptions {
  /** True for serving: the weights become constants. False while they are still being trained. */
  readonly isFrozen: boolean;
  /** How many threads a batch of several users may use; by default one a core. */
  readonly threads?: number;
  /** The text half of the item head, float32 `[N + 1, F]`; absent: there is none. */
  readonly itemTexts?: Variable | null;
}

/** @param models - Of one configuration, and trained on the same items. A logit, of a code or an item, is the mean of theirs. */
export function openScorer(device: Device, models: readonly Seq2Seq[], options: ScorerOptions): Scorer {
  const { isFrozen, threads = availableParallelism(), itemTexts = null } = options;
  const compiledFor = (threads: number) => models.map((model) => compileModel(device, model, isFrozen, threads));
  // The operations for a single user are too small for two threads: the second would cost more than it saves.
  const alone = compiledFor(1);
  const together = threads === 1 ? alone : compiledFor(threads);
  const itemScorer = openItemScorer(device, models, itemTexts, { frozen: isFrozen, threads });
  return {
    async start(histories, weighing = {}) {
      const source = sourceBatch(models[0], histories);
      const batches: DecodingBatch[] = [];
      for (const { model, encoder, decoder } of histories.length === 1 ? alone : together) {
        const memory = await encoder.run(withItemVectors(device, model, source));
        batches.push(new DecodingBatch(model, decoder, { ...memory, mask: source.mask }, histories.length));
      }
      const items = histories.map((history) => history.items);
      const newest = (batch: DecodingBatch) => batch.newest;
      return new MeanBatch(batches, itemScorer && (await itemScorer.score(batches.map(newest), items, weighing)));
    },
    dispose() {
      for (const { encoder, decoder } of new Set([...alone, ...together]))
        [encoder, decoder].forEach((part) => part.dispose());
      itemScorer?.dispose();
    },
  };
}

interface CompiledModel {
  readonly model: Seq2Seq;
  /** One for each shape of a batch. It does not have the item vectors: those of a large catalogue are too large to be there so often. */
  readonly encoder: Compiled;
  /** One for all levels and any number of rows: so its weights are in memory once, and still in the caches at the next level. */
  readonly decoder: Compiled;
}

function compileModel(device: Device, model: Seq2Seq, isFrozen: boolean, threads: number): CompiledModel {
  const options = { frozen: isFrozen, threads, maxShapes: 12 };
  const freeRows = ['tokens', ...priorLevels(model).flatMap((level) => [stepName(level), ancestorsName(level)])];
  return {
    model,
    encoder: device.compile((inputs) => readHistories(model, inputs), { name: 'encode', ...options }),
    decoder: device.compile((inputs) => writeCodes(model, inputs), { name: 'decode', freeRows, ...options }),
  };
}

/** The same batch, as each model has read it. */
class MeanBatch implements BatchScorer {
  constructor(
    private readonly batches: readonly DecodingBatch[],
    private readonly itemScoresOf: ((user: number) => NormedLogits) | null,
  ) {}

  itemScores(user: number): NormedLogits | null {
    return this.itemScoresOf && this.itemScoresOf(user);
  }

  async step(level: number, rows: StepRows): Promise<Float32Array> {
    const logits: Float32Array[] = [];
    for (const batch of this.batches) logits.push(await batch.step(level, rows));
    return meanOf(logits);
  }
}

/** Written into the first: an array of its own would cost more than the sum. */
function meanOf([mean, ...others]: readonly Float32Array[]): Float32Array {
  if (others.length === 0) return mean;
  const share = 1 / (1 + others.length);
  for (const values of others) for (let i = 0; i < mean.length; i++) mean[i] += values[i];
  for (let i = 0; i < mean.length; i++) mean[i] *= share;
  return mean;
}

class DecodingBatch implements StepScorer {
  /** One array for each step taken: from which of its rows each row of the next step descends. */
  private ancestors: Int32Array[] = [];
  /** The keys and values of each step; for later steps a row of zeros, which is not read. */
  private readonly steps: HostTensor[];

  /** @param history - What every step reads: the histories' keys and values, and their mask. */
  constructor(
    private readonly model: Seq2Seq,
    private readonly decoder: Compiled,
    private readonly history: HostTensors,
    private readonly users: number,
  ) {
    this.steps = priorLevels(model).map(() => noStep(model));
  }

  /** The newest states of the histories; float32 `[B, D]`. Only an item-causal encoder has them. */
  get newest(): HostTensor {
    const { shape, data } = this.history.newest;
    return { shape: [shape[0], shape[2]], data };
  }

  async step(level: number, rows: StepRows): Promise<Float32Array> {
    const inputs = level === 0 ? this.firstRows() : this.nextRows(level, rows);
    const { logits, step } = await this.decoder.run({ ...this.history, ...inputs, ...this.past(inputs.tokens) });
    this.steps[level] = step;
    const used = level === 0 ? this.users : rows.tokens.length;
    return (logits.data as Float32Array).subarray(0, used * this.model.vocabulary.codebookSize);
  }

  private firstRows(): { tokens: HostTensor; level: HostTensor } {
    return { tokens: int32(new Int32Array(this.batch).fill(BEGIN_TOKEN)), level: int32(Int32Array.of(0)) };
  }

  /** The batch is filled up to its shape with rows that continue row 0; their results are not read. */
  private nextRows(level: number, { tokens, parents }: StepRows): { tokens: HostTensor; level: HostTensor } {
    const size = (tokens.length / this.users) * this.batch;
    const offset = levelOffset(this.model.vocabulary, level - 1);
    const padded = new Int32Array(size).fill(offset);
    for (let row = 0; row < tokens.length; row++) padded[row] = offset + tokens[row];
    const paddedParents = new Int32Array(size);
    paddedParents.set(parents);
    const older = this.ancestors.map((rows) => paddedParents.map((parent) => rows[parent]));
    this.ancestors = [...older, paddedParents];
    return { tokens: int32(padded), level: int32(Int32Array.of(level)) };
  }

  private past(tokens: HostTensor): HostTensors {
    const none = int32(new Int32Array(tokens.data.length));
    return Object.fromEntries(
      priorLevels(this.model).flatMap((level) => [
        [stepName(level), this.steps[level]],
        [ancestorsName(level), level < this.ancestors.length ? int32(this.ancestors[level]) : none],
      ]),
    );
  }

  /** Users that the compiled shape holds. */
  private get batch(): number {
    return this.history.mask.shape[0];
  }
}

/** All levels but the last. */
function priorLevels({ vocabulary }: Seq2Seq): number[] {
  return Array.from({ length: vocabulary.idLength - 1 }, (_, level) => level);
}

const stepName = (level: number) => `step${level}`;
const ancestorsName = (level: number) => `ancestors${level}`;

function noStep({ config }: Seq2Seq): HostTensor {
  const shape = [1, 2 * config.decoderLayers, config.numHeads, 1, config.headSize];
  return { shape, data: new Float32Array(tf.util.sizeFromShape(shape)) };
}

function readHistories(model: Seq2Seq, { tokens, mask, itemVectors }: Record<string, Tensor>): Record<string, Tensor> {
  const states = encode(model, { tokens, mask, itemVectors });
  const { layers, newest } = historyMemory(model, states);
  const outputs: Record<string, Tensor> = Object.fromEntries(
    layers.flatMap(({ keys, values }, i) => [
      [`keys${i}`, keys],
      [`values${i}`, values],
    ]),
  );
  return newest === null ? outputs : { ...outputs, newest };
}

/** One decoding step; each row reads the keys and values of its ancestors. */
function writeCodes(model: Seq2Seq, inputs: Record<string, Tensor>): Record<string, Tensor> {
  const past = priorLevels(model).map((level) =>
    tf.gather(inputs[stepName(level)], inputs[ancestorsName(level)] as tf.Tensor1D),
  );
  const layers = model.params.decoder.map((_, i) => ({ keys: inputs[`keys${i}`], values: inputs[`values${i}`] }));
  const memory = { layers, newest: inputs.newest ?? null };
  const { logits, cache } = decodeStep(model, inputs.tokens, inputs.level, past, memory, inputs.mask);
  return { logits, step: cache[past.length] };
}

// ---- Batches of few shapes ------------------------------------------------------------------------------------------

function sourceBatch(model: Seq2Seq, histories: readonly DecodeHistory[]): HostTensors {
  const { maxHistory } = model.config;
  const longest = Math.max(...histories.map(({ items }) => Math.min(items.length, maxHistory)));
  const slots = historyBucket(longest, maxHistory);
  const batch = new SourceBatch(model, batchBucket(histories.length), slots);
  histories.forEach(({ userKey, items }, row) => batch.write(row, userKey, items.slice(-slots)));
  return batch.inputs();
}

/** @returns The source with a model's own vectors of its items, which its encoder reads. */
function withItemVectors(device: Device, { params: { itemVectors } }: Seq2Seq, source: HostTensors): HostTensors {
  const { items, ...inputs } = source;
  if (itemVectors === null) return inputs;
  return { ...inputs, itemVectors: pickRows(device, itemVectors, items) };
}

/** History lengths are rounded up to a quarter, a half or all of `maxHistory`, so that few shapes are compiled. */
function historyBucket(items: number, maxHistory: number): number {
  const buckets = [Math.ceil(maxHistory / 4), Math.ceil(maxHistory / 2), maxHistory];
  return buckets.find((bucket) => items <= bucket) ?? maxHistory;
}

function batchBucket(users: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(users, 1)));
}

function int32(data: Int32Array): HostTensor {
  return { shape: [data.length], data };
}
