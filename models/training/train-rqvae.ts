/**
 * Trains an RQ-VAE by the recipe that holds where the paper's own lets the codebooks collapse: inputs with mean 0 and deviation 1,
 * AdamW, codebooks begun by k-means++ level by level on the first latents, unused codes brought back at intervals.
 */
import { setImmediate as nextTick } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs';
import type { Scalar, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs';
import type { Compiled, Device, HostTensor, HostTensors } from '../compute/device';
import type { TokenizerConfig } from '../config';
import { createRandom } from '../random';
import { residualKmeans } from '../semantic-id/kmeans';
import { type LevelUse, assignCodes, levelUse, quantise } from '../semantic-id/quantizer';
import { type RqvaeParams, createRqvae, encode, rqvaeLoss } from '../semantic-id/rqvae';
import type { FrozenDense } from '../semantic-id/tokenizer';
import { type AdamW, createAdamW } from './adamw';
import { reseedDeadCodes } from './dead-codes';
import { ShuffledStream } from './shuffled-stream';

/** Times in a training that unused codes are looked for, all before its last quarter, in which the moved ones settle. */
const RESEEDINGS = 15;
const SETTLING = 0.25;
/** Items whose latents start and repair the codebooks: enough for 64 a code. */
const SAMPLE_SIZE = 16_384;
/** Progress reports in a whole training. */
const REPORTS = 100;
const SNAPSHOT_SECONDS = 20;

export interface RqvaeProgress {
  readonly step: number;
  readonly totalSteps: number;
  /** Mean a batch since the last report. */
  readonly loss: number;
  /** How the batches since codes were last looked after used them. */
  readonly use: readonly LevelUse[];
  readonly secondsLeft: number;
}

/** All that a training needs to go on as if nothing had been. */
export interface RqvaeSnapshot {
  readonly step: number;
  readonly tensors: HostTensors;
}

export interface TrainRqvaeOptions {
  readonly device: Device;
  readonly config: TokenizerConfig;
  readonly seed: number;
  /** Whitened; float32 `[N, featureSize]`. */
  readonly features: Float32Array;
  readonly featureSize: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RqvaeProgress) => void;
  readonly resume: RqvaeSnapshot | null;
  readonly onSnapshot: (snapshot: RqvaeSnapshot) => Promise<void>;
}

export interface TrainedRqvae {
  readonly encoder: readonly FrozenDense[];
  readonly codebooks: readonly HostTensor[];
  /** Of all items; int32 `[N, L]`. */
  readonly codes: Int32Array;
}

/** @throws The signal's reason when it is aborted; with the last snapshot the same call goes on from there. */
export async function trainRqvae(options: TrainRqvaeOptions): Promise<TrainedRqvae> {
  const trainer = new RqvaeTrainer(options);
  try {
    await trainer.toTheEnd();
    return await trainer.result();
  } finally {
    trainer.dispose();
  }
}

/**
 * One update: codes, loss, gradients, AdamW.
 *
 * @param inputs - `x` float32 `[B, F]`; `learningRate` and `step` float32 scalars.
 * @returns `loss`, a float32 scalar; `codes` int32 `[B, L]`.
 */
export function rqvaeStep(
  params: RqvaeParams,
  adamw: AdamW,
  commitmentCost: number,
  inputs: Record<string, Tensor>,
): Record<string, Tensor> {
  const x = inputs.x as Tensor2D;
  const variables = [...params.variables.values()];
  const codes = assignCodes(encode(params, x), params.codebooks);
  const { value, grads } = tf.variableGrads(() => rqvaeLoss(params, x, codes, commitmentCost), variables);
  const gradients = variables.map((variable) => grads[variable.name]);
  adamw.update(gradients, inputs.learningRate as Scalar, inputs.step as Scalar);
  return { loss: value, codes };
}

class RqvaeTrainer {
  private readonly numItems: number;
  private readonly batchSize: number;
  private readonly params: RqvaeParams;
  private readonly adamw: AdamW;
  private readonly step: Compiled;
  private readonly encoder: Compiled;
  private readonly batches: ShuffledStream;
  /** How often each code was chosen since codes were last looked after; a level int32 `[K]`. */
  private counts: Int32Array[];
  private done = 0;

  constructor(private readonly options: TrainRqvaeOptions) {
    const { device, config, seed, features, featureSize } = options;
    this.numItems = features.length / featureSize;
    this.batchSize = Math.min(config.batchSize, this.numItems);
    const params = (this.params = createRqvae(config, featureSize, seed));
    const adamw = (this.adamw = createAdamW([...params.variables.values()], { weightDecay: config.weightDecay }));
    const step = (inputs: Record<string, Tensor>) => rqvaeStep(params, adamw, config.commitmentCost, inputs);
    this.step = device.compile(step, { name: 'rqvae-step' });
    this.encoder = device.compile(({ x }) => ({ latents: encode(params, x as Tensor2D) }), { name: 'rqvae-encode' });
    this.batches = new ShuffledStream(this.numItems, seed);
    this.counts = this.noCounts();
  }

  async toTheEnd(): Promise<void> {
    const { config, resume, signal } = this.options;
    if (resume === null) await this.startCodebooks();
    else this.restore(resume);
    const pace = new Pace(this.done, config.steps);
    while (this.done < config.steps) {
      signal.throwIfAborted();
      pace.add(await this.update());
      if (pace.isReportDue(this.done)) this.options.onProgress({ ...pace.take(this.done), use: this.use() });
      if (this.isReseedDue()) await this.reseed();
      if (pace.isSnapshotDue()) await this.options.onSnapshot(this.snapshot());
      await nextTick(); // So that a cancel is heard.
    }
  }

  async result(): Promise<TrainedRqvae> {
    const { device } = this.options;
    const host = (variable: Variable): HostTensor => ({ shape: variable.shape, data: device.read(variable) });
    const latents = await this.latents(Int32Array.from({ length: this.numItems }, (_, row) => row));
    return {
      encoder: this.params.encoder.map(({ kernel, bias }) => ({ kernel: host(kernel), bias: host(bias) })),
      codebooks: this.params.codebooks.map(host),
      codes: quantise(latents, this.options.config.latentSize, this.readCodebooks()).codes,
    };
  }

  dispose(): void {
    this.step.dispose();
    this.encoder.dispose();
    for (const variable of [...this.params.variables.values(), ...this.adamw.variables]) variable.dispose();
  }

  /** @returns The batch's loss. */
  private async update(): Promise<number> {
    const { config } = this.options;
    const rows = this.batches.take(this.done * this.batchSize, this.batchSize);
    const { loss, codes } = await this.step.run({
      x: this.rows(rows),
      learningRate: scalar(scheduledRate(config, this.done)),
      step: scalar(this.done + 1),
    });
    this.done++;
    codes.data.forEach((code, i) => this.counts[i % config.numLevels][code]++);
    return loss.data[0];
  }

  private async startCodebooks(): Promise<void> {
    const { config, device, seed } = this.options;
    const latents = await this.latents(this.sample(0));
    const { codebooks } = residualKmeans(latents, config.latentSize, config, createRandom(seed, -1));
    codebooks.forEach((codebook, level) => device.write(this.params.codebooks[level], codebook));
  }

  private isReseedDue(): boolean {
    const { steps } = this.options.config;
    const interval = Math.max(1, Math.floor((steps * (1 - SETTLING)) / RESEEDINGS));
    return this.done % interval === 0 && this.done <= steps * (1 - SETTLING);
  }

  private async reseed(): Promise<void> {
    const { config, device, seed } = this.options;
    const counts = this.counts;
    this.counts = this.noCounts();
    if (!counts.some((level) => level.includes(0))) return;
    const codebooks = this.readCodebooks();
    const random = createRandom(seed, -1 - this.done);
    const latents = await this.latents(this.sample(this.done));
    const moved = reseedDeadCodes(latents, config.latentSize, codebooks, counts, random);
    moved.forEach((codes, level) => {
      if (codes.length === 0) return;
      const codebook = this.params.codebooks[level];
      device.write(codebook, codebooks[level]);
      for (const moment of this.momentsOf(codebook)) this.forget(moment, codes);
    });
  }

  /** A code that begins anew has no history of gradients. */
  private forget(moment: Variable, codes: readonly number[]): void {
    const { device, config } = this.options;
    const values = device.read(moment);
    for (const code of codes) values.fill(0, code * config.latentSize, (code + 1) * config.latentSize);
    device.write(moment, values);
  }

  private momentsOf(variable: Variable): readonly Variable[] {
    const index = [...this.params.variables.values()].indexOf(variable);
    return this.adamw.variables.slice(2 * index, 2 * index + 2);
  }

  /** Items by which the codebooks are started or repaired; other ones at each step. */
  private sample(step: number): Int32Array {
    const size = Math.min(SAMPLE_SIZE, this.numItems);
    return new ShuffledStream(this.numItems, ~this.options.seed).take(step * size, size);
  }

  /** In batches of one shape, so that one graph is compiled. */
  private async latents(rows: Int32Array): Promise<Float32Array> {
    const width = this.options.config.latentSize;
    const latents = new Float32Array(rows.length * width);
    for (let start = 0; start < rows.length; start += this.batchSize) {
      // The last batch reaches back, and computes some rows again.
      const from = Math.max(0, Math.min(start, rows.length - this.batchSize));
      const { latents: batch } = await this.encoder.run({ x: this.rows(rows.subarray(from, from + this.batchSize)) });
      latents.set(batch.data, from * width);
    }
    return latents;
  }

  private rows(rows: Int32Array): HostTensor {
    const { features, featureSize } = this.options;
    const data = new Float32Array(rows.length * featureSize);
    rows.forEach((row, i) => data.set(features.subarray(row * featureSize, (row + 1) * featureSize), i * featureSize));
    return { shape: [rows.length, featureSize], data };
  }

  private readCodebooks(): Float32Array[] {
    return this.params.codebooks.map((codebook) => this.options.device.read(codebook) as Float32Array);
  }

  private noCounts(): Int32Array[] {
    const { numLevels, codebookSize } = this.options.config;
    return Array.from({ length: numLevels }, () => new Int32Array(codebookSize));
  }

  private use(): LevelUse[] {
    return this.counts.map((histogram, level) => levelUse(level, Array.from(histogram), this.numItems));
  }

  private state(): [string, Variable][] {
    const moments = this.adamw.variables.map((moment, i): [string, Variable] => [`moments/${i}`, moment]);
    return [
      ...Array.from(this.params.variables, ([name, v]): [string, Variable] => [`weights/${name}`, v]),
      ...moments,
    ];
  }

  private snapshot(): RqvaeSnapshot {
    const { device } = this.options;
    const tensors: Record<string, HostTensor> = {};
    for (const [name, variable] of this.state()) tensors[name] = { shape: variable.shape, data: device.read(variable) };
    this.counts.forEach((data, level) => (tensors[`counts/${level}`] = { shape: [data.length], data: data.slice() }));
    return { step: this.done, tensors };
  }

  private restore({ step, tensors }: RqvaeSnapshot): void {
    for (const [name, variable] of this.state()) this.options.device.write(variable, tensors[name].data);
    this.counts = this.counts.map((_, level) => Int32Array.from(tensors[`counts/${level}`].data));
    this.done = step;
  }
}

/** Sums losses between reports and knows how fast the run is. */
class Pace {
  private readonly began = Date.now();
  private lastSnapshot = Date.now();
  private losses: number[] = [];

  constructor(
    private readonly firstStep: number,
    private readonly totalSteps: number,
  ) {}

  add(loss: number): void {
    this.losses.push(loss);
  }

  isReportDue(step: number): boolean {
    return step === this.totalSteps || step % Math.ceil(this.totalSteps / REPORTS) === 0;
  }

  isSnapshotDue(): boolean {
    const isDue = Date.now() - this.lastSnapshot >= SNAPSHOT_SECONDS * 1000;
    if (isDue) this.lastSnapshot = Date.now();
    return isDue;
  }

  take(step: number): Omit<RqvaeProgress, 'use'> {
    const loss = this.losses.reduce((a, b) => a + b, 0) / this.losses.length;
    this.losses = [];
    const secondsAStep = (Date.now() - this.began) / 1000 / (step - this.firstStep);
    return { step, totalSteps: this.totalSteps, loss, secondsLeft: secondsAStep * (this.totalSteps - step) };
  }
}

/** A cosine from the full rate down to 0: the codes come to rest. */
function scheduledRate({ learningRate, steps }: TokenizerConfig, done: number): number {
  return (learningRate * (1 + Math.cos((Math.PI * done) / steps))) / 2;
}

function scalar(value: number): HostTensor {
  return { shape: [], data: Float32Array.of(value) };
}
