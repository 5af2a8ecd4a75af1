/** Scores codes for the beam search, with an encoder and a decoder step that are compiled once, for batches of any size. */
import { availableParallelism } from 'node:os';

import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';

import type { Compiled, CompileOptions, Device, HostTensor, HostTensors } from '../compute/device';
import { MAX_EXHAUSTIVE } from '../config';
import type { StepRows, StepScorer } from '../decoding/beam-search';
import type { Seq2Seq } from './batches';
import { openCandidateScorer } from './candidate-scorer';
import { decodeStep, historyMemory } from './decode-step';
import {
  encoderInputs,
  HISTORY_EXTENTS,
  openHistoryInputs,
  withItemVectors,
  type DecodeHistory,
} from './history-inputs';
import { openItemScorer, type ItemWeighing, type UserScores } from './item-scorer';
import { encode } from './transformer';
import { BEGIN_TOKEN, levelOffset } from './vocabulary';

/** One batch of histories that the encoder has read, ready to be decoded level by level. */
export interface BatchScorer extends StepScorer {
  /** @returns What the item head and texts say of items known in training. */
  itemScores(user: number): UserScores;
}

export interface Scorer {
  /** Whether every item is looked at; where there are too many, candidates alone. */
  readonly isExhaustive: boolean;
  start(histories: readonly DecodeHistory[], weighing: ItemWeighing): Promise<BatchScorer>;
  dispose(): void;
}

export interface ScorerOptions {
  /** True for serving: the weights become constants. False while they are still being trained. */
  readonly isFrozen: boolean;
  /** How many threads a batch of several users may use; by default one a core. */
  readonly threads?: number;
  /** Directions of the items' texts, float32 `[N + 1, F]`; absent: there are none. */
  readonly itemTexts?: Variable | null;
  /** Items of the largest catalogue in which a list looks at all of them. */
  readonly maxExhaustive?: number;
}

export function openScorer(device: Device, model: Seq2Seq, options: ScorerOptions): Scorer {
  const { isFrozen, threads = availableParallelism(), itemTexts = null, maxExhaustive = MAX_EXHAUSTIVE } = options;
  const compiledFor = (threads: number) => compileModel(device, model, isFrozen, threads);
  // The operations for a single user are too small for two threads: the second would cost more than it saves.
  const alone = compiledFor(1);
  const together = threads === 1 ? alone : compiledFor(threads);
  const { itemVectors } = model.params;
  const rows = (itemVectors ?? itemTexts)?.shape[0] ?? 0;
  const isExhaustive = rows <= maxExhaustive + 1; // row 0 is no item
  const itemScorer = isExhaustive
    ? openItemScorer(device, model, itemTexts, { frozen: isFrozen, threads })
    : openCandidateScorer(device, itemVectors, itemTexts, isFrozen);
  const inputsOf = openHistoryInputs(model);
  return {
    isExhaustive,
    async start(histories, weighing) {
      const { encoder, decoder } = histories.length === 1 ? alone : together;
      const memory = await encoder.run(withItemVectors(device, model, inputsOf(histories)));
      const items = histories.map((history) => history.items);
      const newest = model.params.itemVectors && newestOf(memory);
      const itemScoresOf = await itemScorer.score(newest, items, weighing);
      return new DecodingBatch(model, decoder, memory, histories.length, itemScoresOf);
    },
    dispose() {
      for (const { encoder, decoder } of new Set([alone, together]))
        [encoder, decoder].forEach((part) => part.dispose());
      itemScorer.dispose();
    },
  };
}

interface CompiledModel {
  /** It does not have the item vectors: those of a large catalogue are large, and a history reads few. */
  readonly encoder: Compiled;
  /** One for all levels: so its weights are in memory once, and still in the caches at the next level. */
  readonly decoder: Compiled;
}

function compileModel(device: Device, model: Seq2Seq, isFrozen: boolean, threads: number): CompiledModel {
  const options = { frozen: isFrozen, threads, eightBits: true };
  return {
    encoder: device.compile((inputs) => readHistories(model, inputs), {
      name: 'encode',
      freeExtents: HISTORY_EXTENTS,
      ...options,
    }),
    decoder: device.compile((inputs) => writeCodes(model, inputs), {
      name: 'decode',
      freeExtents: decoderExtents(model),
      ...options,
    }),
  };
}

/** Extents that differ from one batch, and one step, to the next. */
function decoderExtents(model: Seq2Seq): CompileOptions['freeExtents'] {
  const each = (names: readonly string[], extents: readonly (string | null)[]) =>
    Object.fromEntries(names.map((name) => [name, extents]));
  const [layers, levels] = [[...model.params.decoder.keys()], priorLevels(model)];
  return {
    newest: ['users'],
    bias: ['users', null, null, 'positions'],
    ...each([...layers.map(keysName), ...layers.map(valuesName)], ['users', null, 'positions']),
    ...each(['tokens', ...levels.map(ancestorsName)], ['users', 'beams']),
    ...each(levels.map(stepName), ['rows of a step']),
  };
}

/** The newest states of the histories; float32 `[B, D]`. Only an item-causal encoder has them. */
function newestOf({ newest }: HostTensors): HostTensor {
  const { shape, data } = newest;
  return { shape: [shape[0], shape[2]], data };
}

class DecodingBatch implements BatchScorer {
  /** One array for each step taken: from which of its rows each row of the next step descends. */
  private ancestors: Int32Array[] = [];
  /** The keys and values of each step; for later steps a row of zeros, which is not read. */
  private readonly steps: HostTensor[];

  /** @param history - The tensors of `HistoryMemory`, which every step reads. */
  constructor(
    private readonly model: Seq2Seq,
    private readonly decoder: Compiled,
    private readonly history: HostTensors,
    private readonly users: number,
    private readonly itemScoresOf: (user: number) => UserScores,
  ) {
    this.steps = priorLevels(model).map(() => noStep(model));
  }

  itemScores(user: number): UserScores {
    return this.itemScoresOf(user);
  }

  async step(level: number, rows: StepRows): Promise<Float32Array> {
    const inputs = level === 0 ? this.firstRows() : this.nextRows(level, rows);
    const { logits, step } = await this.decoder.run({ ...this.history, ...inputs, ...this.past(inputs.tokens) });
    this.steps[level] = step;
    return logits.data as Float32Array;
  }

  private firstRows(): { tokens: HostTensor; level: HostTensor } {
    return { tokens: this.ofBeams(new Int32Array(this.users).fill(BEGIN_TOKEN)), level: int32(0) };
  }

  private nextRows(level: number, { codes, parents }: StepRows): { tokens: HostTensor; level: HostTensor } {
    const offset = levelOffset(this.model.vocabulary, level - 1);
    this.ancestors = [...this.ancestors.map((rows) => parents.map((parent) => rows[parent])), parents];
    return { tokens: this.ofBeams(codes.map((code) => offset + code)), level: int32(level) };
  }

  private past(tokens: HostTensor): HostTensors {
    const none = new Int32Array(tokens.data.length);
    return Object.fromEntries(
      priorLevels(this.model).flatMap((level) => [
        [stepName(level), this.steps[level]],
        [ancestorsName(level), this.ofBeams(this.ancestors[level] ?? none)],
      ]),
    );
  }

  /** @param data - One number a row; int32 `[users · beams]`. */
  private ofBeams(data: Int32Array): HostTensor {
    return { shape: [this.users, data.length / this.users], data };
  }
}

/** All levels but the last. */
function priorLevels({ vocabulary }: Seq2Seq): number[] {
  return Array.from({ length: vocabulary.idLength - 1 }, (_, level) => level);
}

const stepName = (level: number) => `step${level}`;
const ancestorsName = (level: number) => `ancestors${level}`;
const keysName = (layer: number) => `keys${layer}`;
const valuesName = (layer: number) => `values${layer}`;

function noStep({ config }: Seq2Seq): HostTensor {
  const shape = [1, 2 * config.decoderLayers, config.numHeads, 1, config.headSize];
  return { shape, data: new Float32Array(tf.util.sizeFromShape(shape)) };
}

function readHistories(model: Seq2Seq, inputs: Record<string, Tensor>): Record<string, Tensor> {
  const source = encoderInputs(inputs);
  const { layers, newest, bias } = historyMemory(model, encode(model, source), source);
  const outputs: Record<string, Tensor> = Object.fromEntries(
    layers.flatMap(({ keys, values }, i) => [
      [keysName(i), keys],
      [valuesName(i), values],
    ]),
  );
  return { ...outputs, bias, ...(newest !== null && { newest }) };
}

/** One decoding step; each row reads the keys and values of its ancestors. */
function writeCodes(model: Seq2Seq, inputs: Record<string, Tensor>): Record<string, Tensor> {
  const rowsOf = (name: string) => tf.reshape(inputs[name], [-1]);
  const past = priorLevels(model).map((level) => tf.gather(inputs[stepName(level)], rowsOf(ancestorsName(level))));
  const layers = model.params.decoder.map((_, i) => ({ keys: inputs[keysName(i)], values: inputs[valuesName(i)] }));
  const memory = { layers, bias: inputs.bias, newest: inputs.newest ?? null };
  const { logits, cache } = decodeStep(model, rowsOf('tokens'), inputs.level, past, memory);
  return { logits, step: cache[past.length] };
}

function int32(value: number): HostTensor {
  return { shape: [1], data: Int32Array.of(value) };
}
