/**
 * Trains an RQ-VAE. With the paper's own recipe the codebooks can collapse; this one prevents it: whitened inputs, AdamW, a warm-up
 * without quantisation, codebooks that start from k-means++ on the latents after the warm-up, and unused codes brought back into
 * use at intervals.
 */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';

import type { Variable } from '@tensorflow/tfjs-core';

import { type Device, hostScalar, type HostTensor, type HostTensors } from '../compute/device';
import { readAll } from '../compute/variables';
import type { TokenizerConfig } from '../config';
import { ShuffledStream } from '../math/random';
import { Rows } from '../math/rows';
import { type RqvaeParams, createRqvae } from '../semantic-id/rqvae';
import type { FrozenDense } from '../semantic-id/tokenizer';
import { CodebookKeeper } from './codebook-keeper';
import { Pace, type PaceReport } from './pace';
import { checkFinite, checkStep, type StepPosition, type StepOutcome, type PhaseState } from './phase-state';
import { type CompiledRqvae, type RqvaeOptimisers, compileRqvae, createRqvaeOptimisers } from './rqvae-steps';

/**
 * Share of the steps in which encoder and decoder learn without quantisation. Codebooks that start from an untrained encoder stop
 * fitting as it changes: on 6,000 Beauty items half the codes became unused at once, and the reconstruction error was a fifth larger.
 */
const WARM_UP = 0.2;
/** How many items' latents start and repair the codebooks: enough for 64 per code. */
const SAMPLE_SIZE = 16_384;

export interface TrainRqvaeOptions {
  readonly device: Device;
  readonly config: TokenizerConfig;
  readonly seed: number;
  /** Whitened; float32 `[N, featureSize]`. */
  readonly features: Float32Array;
  readonly featureSize: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PaceReport) => void;
  /** Null: begins. With a state it goes on as if it had not stopped. */
  readonly resume: PhaseState<StepPosition> | null;
  /** Called before the first step, about every 20 seconds, and when the run is aborted. */
  readonly onState: (state: PhaseState<StepPosition>) => Promise<void>;
}

export interface TrainedRqvae {
  readonly encoder: readonly FrozenDense[];
  readonly codebooks: readonly HostTensor[];
}

/**
 * @throws The signal's reason when it is aborted, after a last state, from which the same call continues.
 * @throws {DivergedError} When the training diverges; all states are from before that.
 */
export async function trainRqvae(options: TrainRqvaeOptions): Promise<TrainedRqvae> {
  const trainer = new RqvaeTrainer(options);
  try {
    await trainer.toTheEnd();
    return trainer.result();
  } finally {
    trainer.dispose();
  }
}

class RqvaeTrainer {
  private readonly numItems: number;
  private readonly batchSize: number;
  private readonly params: RqvaeParams;
  private readonly optimisers: RqvaeOptimisers;
  private readonly compiled: CompiledRqvae;
  private readonly warmUpSteps: number;
  private readonly batches: ShuffledStream;
  private readonly keeper: CodebookKeeper;
  /** Above them the training diverges: the loss of a model that says nothing is the mean squared length of the features. */
  private readonly limits: StepOutcome;
  private done = 0;

  constructor(private readonly options: TrainRqvaeOptions) {
    const { device, config, seed, features, featureSize } = options;
    this.numItems = features.length / featureSize;
    this.batchSize = Math.min(config.batchSize, this.numItems);
    this.warmUpSteps = Math.max(1, Math.floor(WARM_UP * config.steps));
    this.params = createRqvae(config, featureSize, seed);
    this.optimisers = createRqvaeOptimisers(this.params, config.weightDecay);
    this.compiled = compileRqvae(device, this.params, this.optimisers, config.commitmentCost);
    this.batches = new ShuffledStream(this.numItems, seed);
    this.limits = { loss: 1e6 * meanSquaredLengthOf(features, this.numItems), gradientNorm: Number.MAX_VALUE };
    this.keeper = new CodebookKeeper({
      ...options,
      codebooks: this.params.codebooks,
      moments: this.optimisers.codebooks.variables,
      sampleLatents: (step) => this.latents(this.sample(step)),
    });
  }

  async toTheEnd(): Promise<void> {
    const { config, resume, signal } = this.options;
    if (resume !== null) this.restore(resume);
    else await this.options.onState(this.state());
    const pace = new Pace(config.steps);
    while (this.done < config.steps) {
      if (signal.aborted) await this.options.onState(this.state());
      signal.throwIfAborted();
      pace.add(await (this.done < this.warmUpSteps ? this.warmUp() : this.update()), this.batchSize);
      if (this.done === this.warmUpSteps) await this.keeper.start();
      if (pace.isReportDue(this.done)) this.options.onProgress(pace.take(this.done));
      if (this.isReseedDue()) await this.keeper.reseed(this.done);
      await pace.saveWhenDue(() => this.options.onState(this.state()));
      await yieldToEventLoop(); // so that an abort is noticed
    }
  }

  result(): TrainedRqvae {
    const { device } = this.options;
    const host = (variable: Variable): HostTensor => ({ shape: variable.shape, data: device.read(variable) });
    return {
      encoder: this.params.encoder.map(({ kernel, bias }) => ({ kernel: host(kernel), bias: host(bias) })),
      codebooks: this.params.codebooks.map(host),
    };
  }

  dispose(): void {
    for (const compiled of Object.values(this.compiled)) compiled.dispose();
    for (const [, variable] of this.variables()) variable.dispose();
  }

  /** @returns The batch's loss. */
  private async warmUp(): Promise<number> {
    return this.finish(await this.compiled.warmUp.run(this.inputs()));
  }

  /** @returns The batch's loss. */
  private async update(): Promise<number> {
    const codebookStep = hostScalar(this.done - this.warmUpSteps + 1);
    const outputs = await this.compiled.step.run({ ...this.inputs(), codebookStep });
    this.keeper.count(outputs.codes);
    return this.finish(outputs);
  }

  /** @throws {DivergedError} */
  private finish(outputs: HostTensors): number {
    const outcome = { loss: outputs.loss.data[0], gradientNorm: outputs.gradientNorm.data[0] };
    checkStep({ step: this.done + 1, learningRate: this.learningRate() }, outcome, this.limits);
    this.done++;
    return outcome.loss;
  }

  private inputs(): Record<string, HostTensor> {
    const rows = this.batches.take(this.done * this.batchSize, this.batchSize);
    return { x: this.rows(rows), learningRate: hostScalar(this.learningRate()), step: hostScalar(this.done + 1) };
  }

  /** Constant while warming up, then a cosine down to 0, so that the codes settle. */
  private learningRate(): number {
    const { learningRate, steps } = this.options.config;
    const progress = Math.max(0, (this.done - this.warmUpSteps) / (steps - this.warmUpSteps));
    return (learningRate * (1 + Math.cos(Math.PI * progress))) / 2;
  }

  private isReseedDue(): boolean {
    return this.keeper.isReseedDue(this.done - this.warmUpSteps, this.options.config.steps - this.warmUpSteps);
  }

  /** The items with which the codebooks are started or repaired; others at each step. */
  private sample(step: number): Int32Array {
    const size = Math.min(SAMPLE_SIZE, this.numItems);
    return new ShuffledStream(this.numItems, ~this.options.seed).take(step * size, size);
  }

  /** Encodes in batches of one shape, so that only one graph is compiled. */
  private async latents(rows: Int32Array): Promise<Float32Array> {
    const { latentSize } = this.options.config;
    const latents = new Float32Array(rows.length * latentSize);
    for (let start = 0; start < rows.length; start += this.batchSize) {
      // The last batch begins earlier, and computes some rows again.
      const from = Math.max(0, Math.min(start, rows.length - this.batchSize));
      const { latents: batch } = await this.compiled.encode.run({
        x: this.rows(rows.subarray(from, from + this.batchSize)),
      });
      latents.set(batch.data, from * latentSize);
    }
    return latents;
  }

  private rows(rows: Int32Array): HostTensor {
    const { features, featureSize } = this.options;
    return { shape: [rows.length, featureSize], data: new Rows(features, featureSize).pick(rows).values };
  }

  /** Everything that a step changes, by name. */
  private variables(): [string, Variable][] {
    const { network, codebooks } = this.optimisers;
    const named = (name: string, variables: readonly Variable[]) =>
      variables.map((variable, i): [string, Variable] => [`${name}/${i}`, variable]);
    return [
      ...Array.from(this.params.variables, ([name, variable]): [string, Variable] => [`weights/${name}`, variable]),
      ...named('network-moments', network.variables),
      ...named('codebook-moments', codebooks.variables),
    ];
  }

  private state(): PhaseState<StepPosition> {
    const tensors = readAll(this.options.device, this.variables());
    checkFinite(this.done, tensors);
    return {
      position: { step: this.done },
      tensors: { ...tensors, ...this.keeper.toTensors() },
    };
  }

  private restore({ position, tensors }: PhaseState<StepPosition>): void {
    for (const [name, variable] of this.variables()) this.options.device.write(variable, tensors[name].data);
    this.keeper.restore(tensors);
    this.done = position.step;
  }
}

function meanSquaredLengthOf(features: Float32Array, numItems: number): number {
  return features.reduce((sum, value) => sum + value * value, 0) / Math.max(1, numItems);
}
