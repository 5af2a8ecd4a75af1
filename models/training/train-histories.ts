/**
 * The phases that train the sequence model. First it learns the training part of each history, so that its figures can be measured on
 * the rest. Then a model that is to serve learns that rest too: it is the newest part, and where histories are short a large one.
 */
import { join } from 'node:path';

import type { TrainingConfig } from '../config';
import type { BatchSource } from '../data/sequence-batches';
import { alone, type ListWeights } from '../decoding/mixture';
import { chooseWeights, type JudgedUser, mixtureRanks } from '../evaluation/choose-weights';
import type { HeldOutRanker } from '../evaluation/held-out-ranker';
import { meanNdcg, plainMetric } from '../evaluation/metrics';
import type { FitInput, FitPhase, FitRun, Validation } from './fit-input';
import { readState, saveState, STATE_FOLDERS } from './phase-state';
import { trainSeq2Seq, type TrainingPosition, type TrainSeq2SeqOptions } from './train-seq2seq';

/** Share of the training's highest rate. A third of it gained more on the demo shop than a tenth: see docs/quality.md. */
const REFRESH_RATE = 0.3;

/**
 * Trains the model of `source`.
 *
 * @param config - From `withinBudget`.
 * @returns The figures of each epoch's validation.
 */
export function learnHistories(
  input: FitInput,
  run: FitRun,
  source: BatchSource,
  config: TrainingConfig,
  ranker: HeldOutRanker,
): Promise<readonly Validation[]> {
  const options = { part: 'validation', users: config.validationUsers, signal: run.signal } as const;
  const validate = async () => {
    const judged = await ranker.rank(options, ({ targets }, candidates) => ({ targets, candidates }));
    return judged.length === 0 ? [] : validationMetrics(judged, ranker.hasItemHead);
  };
  return runPhase(input, run, { name: 'SEQ2SEQ', source, config, validate });
}

/**
 * @param targets - Items to predict in one epoch.
 * @returns The configuration with as many epochs as so many interactions allow: see `epochsFor`.
 */
export function withinBudget(config: TrainingConfig, targets: number, onWarning: FitRun['onWarning']): TrainingConfig {
  const epochs = epochsFor(config.epochs, targets);
  if (epochs < config.epochs)
    onWarning(
      `histories: ${targets} interactions to learn from are so many that the training goes over them ${epochs} times, not ${config.epochs}`,
    );
  return { ...config, epochs };
}

/** One more epoch over whole histories. @param source - Its split holds nothing out. */
export async function learnHeldOut(input: FitInput, run: FitRun, source: BatchSource): Promise<void> {
  const { training } = input.config;
  const config = { ...training, epochs: 1, learningRate: REFRESH_RATE * training.learningRate, warmup: 0, cooldown: 1 };
  await runPhase(input, run, { name: 'REFRESH', source, config, validate: () => Promise.resolve([]) });
}

interface Phase extends Pick<TrainSeq2SeqOptions, 'source' | 'validate'> {
  readonly name: Extract<FitPhase, 'SEQ2SEQ' | 'REFRESH'>;
  readonly config: TrainingConfig;
}

/** Keeps its state in a folder of its own. */
async function runPhase(
  { jobDir }: FitInput,
  { device, signal, onProgress, onState }: FitRun,
  { name, ...phase }: Phase,
): Promise<readonly Validation[]> {
  const stateDir = join(jobDir, STATE_FOLDERS[name]);
  return trainSeq2Seq({
    ...phase,
    device,
    signal,
    onState: async (state) => {
      await saveState(stateDir, state);
      await onState?.();
    },
    onProgress: ({ step, totalSteps, loss, learningRate, validation, examplesPerSecond, secondsLeft }) => {
      const values = [{ name: 'learningRate', value: learningRate }, ...validation];
      const metrics = values.map(({ name: metric, value }) => plainMetric(metric, value));
      onProgress({ phase: name, step, totalSteps, loss, metrics, examplesPerSecond, secondsLeft });
    },
    resume: await readState<TrainingPosition>(stateDir),
  });
}

/** NDCG@10 of the lists that would be served, then of each head alone. */
function validationMetrics(users: readonly JudgedUser[], hasItemHead: boolean): Validation {
  const ndcg = (weights: ListWeights) => meanNdcg(mixtureRanks(users, weights));
  return [
    { name: 'validation.ndcg@10', value: ndcg(chooseWeights(users, false).served) },
    { name: 'validation.decoder.ndcg@10', value: ndcg(alone('decoder')) },
    ...(hasItemHead ? [{ name: 'validation.item-head.ndcg@10', value: ndcg(alone('itemHead')) }] : []),
  ];
}

/** A training with at most so many targets an epoch has all epochs of its preset. Amazon Beauty has 131,000. */
const MAX_FULL_TARGETS = 1_000_000;
/** A training keeps the mean of its second half of epochs, so it needs two. */
const MIN_EPOCHS = 2;

/**
 * epochs · √(1,000,000 / targets), rounded: four times as many interactions take twice as many steps, not four times as many. The
 * schedule of the learning rate and the mean of the weights depend on the number of epochs, so they fit.
 *
 * @param epochs - Epochs of the preset.
 * @param targets - Items to predict in one epoch.
 * @returns From 2 to `epochs`; a preset with fewer has as many as it says.
 */
function epochsFor(epochs: number, targets: number): number {
  const fewer = Math.round(epochs * Math.sqrt(MAX_FULL_TARGETS / Math.max(1, targets)));
  return Math.min(epochs, Math.max(MIN_EPOCHS, fewer));
}
