/** Scores codes for the beam search: the compiled encoder and decoder steps, fed with batches of few distinct shapes. */
import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { Compiled, Device, HostTensor, HostTensors } from '../compute/device';
import type { SemanticId } from '../semantic-id/semantic-ids';
import type { KeysAndValues } from './attention';
import {
  crossMemory,
  decodeStep,
  encode,
  leadTokens,
  sourceLength,
  type Seq2Seq,
  type StepMemory,
} from './transformer';
import { BEGIN_TOKEN, PAD_TOKEN, levelOffset, userToken, writeItemTokens } from './vocabulary';

/**
 * Users that are decoded together; larger batches are the caller's to split.
 *
 * What the paper's model computes between two weights for twice as many no longer fits the processor's caches: 32 users
 * in two halves take a tenth less time than at once.
 */
export const MAX_DECODE_BATCH = 16;

/** What the model knows of a user. */
export interface DecodeHistory {
  /** Hashed into a user token; null: nobody in particular. */
  readonly userKey: string | null;
  /** Semantic IDs, oldest first; only the last `maxHistory` are read. */
  readonly items: readonly SemanticId[];
}

/** Beams to extend: a user's rows lie together, equally many a user. */
export interface BeamRows {
  /** Codes chosen at the level before, int32 `[rows]`; not read at level 0. */
  readonly tokens: Int32Array;
  /** The row of the step before that each row goes on from, int32 `[rows]`; not read at level 0. */
  readonly parents: Int32Array;
}

/** One batch of histories, read by the encoder and ready to be decoded, level after level. */
export interface BatchScorer {
  /** @returns Logits of a level's codes for every row, float32 `[rows, K]`. */
  step(level: number, rows: BeamRows): Promise<Float32Array>;
}

export interface Scorer {
  start(histories: readonly DecodeHistory[]): Promise<BatchScorer>;
  dispose(): void;
}

/**
 * @param isFrozen - True for serving: the weights become constants. False while they are still being trained.
 */
export function openScorer(device: Device, model: Seq2Seq, isFrozen: boolean): Scorer {
  // The operations of a user alone are too small to share: there a second thread would cost more than it saves.
  const [alone, together] = [1, availableParallelism()].map((threads) =>
    compileSteps(device, model, isFrozen, threads),
  );
  return {
    async start(histories) {
      const { first, later } = histories.length === 1 ? alone : together;
      const source = sourceBatch(model, histories);
      const { logits, ...memory } = await first.run(source);
      return new DecodingBatch(model, later, { ...memory, mask: source.mask }, logits, histories.length);
    },
    dispose() {
      for (const { first, later } of [alone, together]) for (const compiled of [first, ...later]) compiled.dispose();
    },
  };
}

/** The step that reads the histories and scores the first code, and one for each further code. */
interface Steps {
  readonly first: Compiled;
  readonly later: readonly Compiled[];
}

function compileSteps(device: Device, model: Seq2Seq, isFrozen: boolean, threads: number): Steps {
  const options = { frozen: isFrozen, threads, maxShapes: 12 };
  return {
    first: device.compile((inputs) => firstStep(model, inputs), { name: 'encode', ...options }),
    later: Array.from({ length: model.vocabulary.depth - 1 }, (_, i) =>
      device.compile((inputs) => laterStep(model, i + 1, inputs), { name: `decode-${i + 1}`, ...options }),
    ),
  };
}

class DecodingBatch implements BatchScorer {
  /** Of each step taken, its row that each row of the step now to be taken descends from. */
  private ancestors: Int32Array[] = [];

  /**
   * @param memory - What steps read: the history's keys and values and its mask, and each step's own keys and values.
   * @param firstLogits - Every search begins alike, so the first step is taken already.
   */
  constructor(
    private readonly model: Seq2Seq,
    private readonly later: readonly Compiled[],
    private memory: HostTensors,
    private readonly firstLogits: HostTensor,
    private readonly users: number,
  ) {}

  async step(level: number, rows: BeamRows): Promise<Float32Array> {
    if (level === 0) return this.usedLogits(this.firstLogits, this.users);
    const inputs = this.nextRows(level, rows);
    const { logits, ...own } = await this.later[level - 1].run({ ...this.memory, ...inputs });
    this.memory = { ...this.memory, ...own };
    return this.usedLogits(logits, rows.tokens.length);
  }

  /** Rows of the users that fill the batch up to its shape go on from row 0; nobody reads them. */
  private nextRows(level: number, { tokens, parents }: BeamRows): HostTensors {
    const size = (tokens.length / this.users) * this.batch;
    const offset = levelOffset(this.model.vocabulary, level - 1);
    const padded = new Int32Array(size).fill(offset);
    for (let row = 0; row < tokens.length; row++) padded[row] = offset + tokens[row];
    const paddedParents = new Int32Array(size);
    paddedParents.set(parents);
    const older = this.ancestors.map((rows) => paddedParents.map((parent) => rows[parent]));
    this.ancestors = [...older, paddedParents];
    const ancestors = this.ancestors.map((rows, step) => [`ancestors${step}`, int32(rows)] as const);
    return { tokens: int32(padded), ...Object.fromEntries(ancestors) };
  }

  private usedLogits({ data }: HostTensor, rows: number): Float32Array {
    return (data as Float32Array).subarray(0, rows * this.model.vocabulary.width);
  }

  /** Users that the compiled shape holds. */
  private get batch(): number {
    return this.memory.mask.shape[0];
  }
}

/** Reads the histories and scores the first code. */
function firstStep(model: Seq2Seq, { tokens, mask }: Record<string, Tensor>): Record<string, Tensor> {
  const history = crossMemory(model, encode(model, tokens, mask));
  const begin = tf.fill([tokens.shape[0] as number], BEGIN_TOKEN, 'int32');
  const { logits, cache } = decodeStep(model, begin, 0, null, history, mask);
  return { logits, ...named('history', history), ...named('step0', cache[0]) };
}

/** Scores a further code; rows take up what their ancestors have left of each step before. */
function laterStep(model: Seq2Seq, level: number, inputs: Record<string, Tensor>): Record<string, Tensor> {
  const layers = model.config.decoderLayers;
  const past = Array.from({ length: level }, (_, step) =>
    unnamed(`step${step}`, inputs, layers).map((own) => rowsOf(own, inputs[`ancestors${step}`])),
  );
  const history = unnamed('history', inputs, layers);
  const { logits, cache } = decodeStep(model, inputs.tokens, level, past, history, inputs.mask);
  const isLast = level === model.vocabulary.depth - 1;
  return { logits, ...(isLast ? {} : named(`step${level}`, cache[level])) };
}

function rowsOf({ keys, values }: KeysAndValues, rows: Tensor): KeysAndValues {
  return { keys: tf.gather(keys, rows as tf.Tensor1D), values: tf.gather(values, rows as tf.Tensor1D) };
}

function named(prefix: string, layers: StepMemory): Record<string, Tensor> {
  return Object.fromEntries(
    layers.flatMap(({ keys, values }, i) => [
      [`${prefix}Keys${i}`, keys],
      [`${prefix}Values${i}`, values],
    ]),
  );
}

function unnamed(prefix: string, tensors: Record<string, Tensor>, layers: number): KeysAndValues[] {
  return Array.from({ length: layers }, (_, i) => ({
    keys: tensors[`${prefix}Keys${i}`],
    values: tensors[`${prefix}Values${i}`],
  }));
}

// ---- Batches of few shapes ------------------------------------------------------------------------------------------

/** Tokens int32 `[B, S]` and mask float32 `[B, S]`; items stand at the end, so that the newest is always last. */
function sourceBatch(model: Seq2Seq, histories: readonly DecodeHistory[]): { tokens: HostTensor; mask: HostTensor } {
  const { vocabulary, config } = model;
  const longest = Math.max(...histories.map(({ items }) => Math.min(items.length, config.maxHistory)));
  const slots = historyBucket(longest, config.maxHistory);
  const [batch, length] = [batchBucket(histories.length), sourceLength(model, slots)];
  const tokens = new Int32Array(batch * length).fill(PAD_TOKEN);
  const mask = new Float32Array(batch * length);
  histories.forEach(({ userKey, items }, row) => {
    const start = row * length;
    if (leadTokens(config) > 0) {
      tokens[start] = userToken(vocabulary, userKey);
      mask[start] = userKey === null ? 0 : 1;
    }
    const recent = items.slice(-slots);
    const first = start + length - recent.length * vocabulary.depth;
    recent.forEach((codes, i) => writeItemTokens(vocabulary, codes, tokens, first + i * vocabulary.depth));
    mask.fill(1, first, start + length);
  });
  return { tokens: { shape: [batch, length], data: tokens }, mask: { shape: [batch, length], data: mask } };
}

/** History lengths are rounded up to a quarter, a half or all of the longest, so that few shapes are compiled. */
export function historyBucket(items: number, maxHistory: number): number {
  const buckets = [Math.ceil(maxHistory / 4), Math.ceil(maxHistory / 2), maxHistory];
  return buckets.find((bucket) => items <= bucket) ?? maxHistory;
}

function batchBucket(users: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(users, 1)));
}

function int32(data: Int32Array): HostTensor {
  return { shape: [data.length], data };
}
