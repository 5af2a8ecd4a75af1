/** The training loop of the sequence model. It ends with the mean of the later epochs' weights, and can be resumed. */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';

import * as tf from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';

import type { Device, HostTensors, HostTensor } from '../compute/device';
import { readAll } from '../compute/variables';
import type { TrainingConfig } from '../config';
import { epochBatches, type BatchSource, type SequenceBatch } from '../data/sequence-batches';
import { createRandom } from '../math/random';
import type { Seq2Seq } from '../seq2seq/batches';
import { fillNoise } from '../seq2seq/blocks';
import type { TargetMask } from '../seq2seq/position-bias';
import { createAdamW, type AdamW } from './adamw';
import { AllowedCodes } from './allowed-codes';
import type { Validation } from './fit-input';
import { LazyRows } from './lazy-rows';
import type { MicroBatchStep } from './micro-batches';
import { Pace, type PaceReport } from './pace';
import { checkFinite, checkStep, type PhaseState, type StepOutcome, type StepPosition } from './phase-state';
import { sampledItems, type SampledItems } from './sampled-items';
import { divergedFrom, NOISE_SIZE, openTrainingStep } from './seq2seq-steps';

export interface Seq2SeqProgress extends PaceReport {
  readonly learningRate: number;
  /** The latest validation; empty before the first. */
  readonly validation: Validation;
}

export interface TrainingPosition extends StepPosition {
  readonly epoch: number;
  /** Batches of that epoch that are done. */
  readonly batch: number;
  /** One per epoch; at the end also that of the mean weights. */
  readonly validations: readonly Validation[];
}

export interface TrainSeq2SeqOptions {
  readonly device: Device;
  readonly source: BatchSource;
  readonly config: TrainingConfig;
  /** Called after every epoch, and at the end with the mean weights. */
  readonly validate: () => Promise<Validation>;
  readonly onProgress: (progress: Seq2SeqProgress) => void;
  /** Called before the first step, about every 20 seconds, after every validation, and when the run is aborted. */
  readonly onState: (state: PhaseState<TrainingPosition>) => Promise<void>;
  /** Null: begins. With a state it goes on where it stopped, bit for bit on the same device. */
  readonly resume: PhaseState<TrainingPosition> | null;
  readonly signal: AbortSignal;
}

/**
 * Trains `source.model` in place and leaves it with the mean of the weights at the ends of the epochs of the second half.
 *
 * @returns The figures of each epoch's validation, then those of the mean weights.
 * @throws The signal's reason when it is aborted; a later call continues from the last state.
 * @throws {DivergedError} When the training diverges; all states are from before that.
 */
export async function trainSeq2Seq(options: TrainSeq2SeqOptions): Promise<readonly Validation[]> {
  const run = new TrainingRun(options);
  try {
    return await run.toTheEnd();
  } finally {
    run.dispose();
  }
}

class TrainingRun {
  private readonly adamw: AdamW;
  private readonly steps: Readonly<Record<TargetMask, MicroBatchStep>>;
  private readonly mean: WeightMean;
  private readonly noise = new Float32Array(NOISE_SIZE);
  /** Null: the loss does without. */
  private readonly allowedCodes: AllowedCodes | null;
  /** Null: a step trains all items. */
  private readonly large: LargeCatalogue | null;
  /** The weights that each step trains as a whole. */
  private readonly variables: ReadonlyMap<string, Variable>;
  private readonly totalSteps: number;
  private position: TrainingPosition = { epoch: 0, batch: 0, step: 0, validations: [] };
  private readonly pace: Pace;

  constructor(private readonly options: TrainSeq2SeqOptions) {
    const { device, source, config, resume } = options;
    const { model } = source;
    const sampled = sampledItems(source, config);
    const trained = sampled === null ? model : withItems(model, sampled.size);
    this.adamw = createAdamW([...trained.params.variables.values()], config);
    const open = (targetMask: TargetMask) => openTrainingStep(device, trained, config, this.adamw, targetMask);
    this.steps = { causal: open('causal'), full: open('full') };
    this.allowedCodes = config.trieInLoss ? new AllowedCodes(source.semanticIds, model.vocabulary.codebookSize) : null;
    this.totalSteps = config.epochs * epochBatches(source, config, 0).length;
    this.large = sampled && this.openLarge(sampled, trained.params.itemVectors!);
    this.variables = new Map([...model.params.variables].filter(([name]) => sampled === null || name !== ITEM_VECTORS));
    this.mean = resume === null ? new WeightMean() : WeightMean.fromTensors(resume.tensors);
    if (resume !== null) this.restore(resume);
    this.pace = new Pace(this.totalSteps);
  }

  private openLarge(sampled: SampledItems, window: Variable): LargeCatalogue {
    const { device, source, config } = this.options;
    const rows = new LazyRows({
      ...{ device, window, table: source.model.params.itemVectors!, moments: this.adamw.momentsOf(window) },
      ...{ weightDecay: config.weightDecay, rateAt: (step) => this.rateAt(step) },
    });
    return { sampled, window, rows };
  }

  async toTheEnd(): Promise<readonly Validation[]> {
    const { config, resume } = this.options;
    if (resume === null) await this.saveState();
    while (this.position.epoch < config.epochs) {
      await this.epoch();
      this.large?.rows.catchUp(this.position.step);
      await this.validate();
      this.addToMean();
      await this.saveState();
    }
    this.takeMean();
    if (this.position.validations.length === config.epochs) await this.validate();
    await this.saveState();
    return this.position.validations;
  }

  dispose(): void {
    for (const step of Object.values(this.steps)) step.dispose();
    for (const moment of this.adamw.variables) moment.dispose();
    this.large?.window.dispose();
  }

  private async epoch(): Promise<void> {
    const batches = epochBatches(this.options.source, this.options.config, this.position.epoch);
    while (this.position.batch < batches.length) {
      if (this.options.signal.aborted) await this.saveState();
      this.options.signal.throwIfAborted();
      await this.step(batches.at(this.position.batch));
      await yieldToEventLoop(); // so that an abort is noticed
      await this.pace.saveWhenDue(() => this.saveState());
    }
    this.position = { ...this.position, epoch: this.position.epoch + 1, batch: 0 };
  }

  private async step(batch: SequenceBatch): Promise<void> {
    const { config, source } = this.options;
    const step = this.position.step + 1;
    const learningRate = this.rateAt(step);
    fillNoise(this.noise, source.seed * 0x10001 + step);
    const noise = { noise: { shape: [NOISE_SIZE], data: this.noise } };
    const inputs = { ...batch.inputs, ...this.allowedCodes?.of(batch.inputs) };
    const run = (ofBatch: HostTensors, shared: HostTensors) =>
      this.steps[batch.targetMask].run(ofBatch, { ...noise, ...shared }, learningRate, step);
    const outcome = await (this.large === null ? run(inputs, {}) : this.stepOfSome(this.large, inputs, step, run));
    checkStep({ step, learningRate }, outcome, divergedFrom(source.model, config));
    this.position = { ...this.position, batch: this.position.batch + 1, step };
    this.pace.add(outcome.loss, batch.numTargets);
    if (this.pace.isReportDue(step)) this.report(learningRate);
  }

  private async stepOfSome(
    { sampled, rows: table }: LargeCatalogue,
    batch: HostTensors,
    step: number,
    run: (batch: HostTensors, shared: HostTensors) => Promise<StepOutcome>,
  ): Promise<StepOutcome> {
    const { rows, inputs, softmaxWeights } = sampled.draw(batch, createRandom(this.options.source.seed, step));
    table.load(rows, step);
    const outcome = await run(inputs, { softmaxWeights });
    table.store(rows, step);
    return outcome;
  }

  private async validate(): Promise<void> {
    const validations = [...this.position.validations, await this.options.validate()];
    this.position = { ...this.position, validations };
    this.report(this.rateAt(this.position.step));
  }

  /** The first half of the epochs is left out: their weights are far from where the training ends. */
  private addToMean(): void {
    const { config } = this.options;
    const count = this.position.epoch - Math.floor(config.epochs / 2);
    if (count > 0) this.mean.add(this.weights(), count);
  }

  private takeMean(): void {
    const { device } = this.options;
    for (const [name, variable] of this.variables)
      device.write(variable, this.mean.get(name)?.data ?? device.read(variable));
    const vectors = this.mean.get(ITEM_VECTORS);
    if (vectors !== null) this.large?.rows.replace(vectors);
  }

  private rateAt(step: number): number {
    return scheduledRate(this.options.config, step, this.totalSteps);
  }

  private report(learningRate: number): void {
    const validation = this.position.validations.at(-1) ?? [];
    this.options.onProgress({ ...this.pace.take(this.position.step), learningRate, validation });
  }

  private async saveState(): Promise<void> {
    const tensors = {
      ...readAll(this.options.device, this.stepped()),
      ...this.large?.rows.toTensors(),
      ...this.mean.toTensors(),
    };
    checkFinite(this.position.step, tensors);
    await this.options.onState({ position: this.position, tensors });
  }

  private restore({ position, tensors }: PhaseState<TrainingPosition>): void {
    const { device } = this.options;
    this.position = position;
    for (const [name, variable] of this.stepped()) device.write(variable, tensors[name].data);
    this.large?.rows.restore(tensors);
  }

  /** The large table is not copied. */
  private weights(): HostTensors {
    const weights = readAll(this.options.device, this.variables);
    return { ...weights, ...(this.large && { [ITEM_VECTORS]: this.large.rows.values }) };
  }

  /** The variables that each step changes as a whole, by their names in a saved state. */
  private stepped(): [string, Variable][] {
    const moments = [...this.variables.values()].flatMap((variable) => this.adamw.momentsOf(variable));
    return [
      ...Array.from(this.variables, ([name, variable]): [string, Variable] => [`weights/${name}`, variable]),
      ...moments.map((moment, i): [string, Variable] => [`moments/${i}`, moment]),
    ];
  }
}

/** The name of the item vectors among a model's weights. */
const ITEM_VECTORS = 'itemVectors';

/** A catalogue of which a step trains some items. */
interface LargeCatalogue {
  readonly sampled: SampledItems;
  /** The vectors of these items. */
  readonly window: Variable;
  /** Those of all items. */
  readonly rows: LazyRows;
}

/** @returns The model with vectors for so many items, zeros, in place of its own; it shares its other weights. */
function withItems(model: Seq2Seq, rows: number): Seq2Seq {
  const { params, config } = model;
  const itemVectors = tf.tidy(() => tf.variable(tf.zeros([rows, config.modelSize])));
  const variables = new Map(params.variables).set(ITEM_VECTORS, itemVectors);
  return { ...model, params: { ...params, itemVectors, variables } };
}

/**
 * Rises linearly, stays, and falls linearly. The step after the last would be the first with rate zero, so the last one still learns.
 * A training that goes on after users were erased has fewer examples than it began with, and may have more steps than that: none unlearns.
 *
 * Source: Hägele et al., "Scaling Laws and Compute-Optimal Training Beyond Fixed Training Durations" (2024).
 */
export function scheduledRate(
  { learningRate, warmup, cooldown }: RateConfig,
  step: number,
  totalSteps: number,
): number {
  const rising = Math.max(1, Math.round(warmup * totalSteps));
  const falling = cooldown * (totalSteps - rising) + 1;
  const left = Math.max(0, totalSteps - step + 1);
  return learningRate * Math.min(step / rising, 1, left / falling);
}

type RateConfig = Pick<TrainingConfig, 'learningRate' | 'warmup' | 'cooldown'>;

const PREFIX = 'mean/';

/**
 * The mean of the weights at the ends of several epochs. It does not depend on the chance by which one epoch looks best on
 * validation, and it serves both heads, which are at their best in different epochs: see docs/choices.md.
 *
 * Source: Izmailov et al. (2018), stochastic weight averaging. Left out: their constant learning rate; ours falls to zero at the end.
 */
class WeightMean {
  private readonly means = new Map<string, HostTensor>();

  /**
   * @param weights - Tensors by name.
   * @param count - How many sets of weights the mean has with these.
   */
  add(weights: HostTensors, count: number): void {
    for (const [name, { shape, data }] of Object.entries(weights)) {
      const mean = this.means.get(name)?.data ?? new Float32Array(data.length);
      for (let i = 0; i < data.length; i++) mean[i] += (data[i] - mean[i]) / count;
      this.means.set(name, { shape, data: mean });
    }
  }

  /** @returns Null before the first `add`. */
  get(name: string): HostTensor | null {
    return this.means.get(name) ?? null;
  }

  /** @returns The mean by name, for a saved state. */
  toTensors(): HostTensors {
    return Object.fromEntries(Array.from(this.means, ([name, mean]) => [PREFIX + name, mean]));
  }

  /** @param tensors - All tensors of a saved state. */
  static fromTensors(tensors: HostTensors): WeightMean {
    const mean = new WeightMean();
    for (const [name, tensor] of Object.entries(tensors))
      if (name.startsWith(PREFIX)) mean.means.set(name.slice(PREFIX.length), tensor);
    return mean;
  }
}
