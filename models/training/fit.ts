/**
 * A whole training, from vectors and histories to a checkpoint: tokenizer, semantic IDs, sequence model, evaluation, refresh, baselines.
 * Each phase that trains keeps its result in the job's folder, so that a training that was killed continues where it stopped.
 */
import { join } from 'node:path';

import { saveCheckpoint } from '../checkpoint/checkpoint';
import { createModel, weightsOf } from '../checkpoint/model-weights';
import type { Device } from '../compute/device';
import { variableOf } from '../compute/variables';
import type { TrainingConfig } from '../config';
import { historyWarnings } from '../data/check-histories';
import { trainingCounts, type Split } from '../data/interactions';
import { targetsPerEpoch, type BatchSource } from '../data/sequence-batches';
import { HeldOutRanker, type EvaluationInput } from '../evaluation/held-out-ranker';
import { idMetrics } from '../evaluation/list-metrics';
import { plainMetric, type MetricValue } from '../evaluation/metrics';
import {
  chooseMixture,
  type MeasuredUsers,
  planReport,
  type Report,
  type ReportInput,
  reportOn,
} from '../evaluation/report';
import type { Seq2Seq } from '../seq2seq/batches';
import { disposeParameters } from '../seq2seq/parameters';
import type { Tiger } from '../serving/tiger-model';
import type { TextSpace } from '../text/text-space';
import { chooseCounts, countEvidence, type Counted, neighbourTensors, REACHES } from './counted-evidence';
import { bareProgress, progressIn, splitOf, type FitInput, type FitResult, type FitRun } from './fit-input';
import { lastPhase, type Measured, splitOfLastPhase } from './last-phase';
import { idTensors, learnItems, type ItemKnowledge } from './learn-items';
import { openMeasured, type SearchedModel } from './measure-model';
import { SpectralVectors, startWeights } from './start-weights';
import { learnHeldOut, learnHistories, withinBudget } from './train-histories';

/**
 * Trains a model and saves it.
 *
 * @throws The signal's reason when it is aborted; the same call later continues from the last state.
 * @throws {ShapeError} When items cannot be told apart: see `trainTokenizer`.
 * @throws {DivergedError} When a phase diverges.
 */
export async function fitTiger(input: FitInput, run: FitRun): Promise<FitResult> {
  const split = splitOf(input);
  const { log, itemIds, config } = input;
  const spectral = new SpectralVectors({ log, split, numItems: itemIds.length, seed: config.seed });
  const items = await learnItems(input, run, spectral);
  const start = createStart(input, run, items, split);
  try {
    startWeights(start.model, run.device, items.semanticIds, spectral, progressIn('ASSIGNMENT', run));
    spectral.dispose();
    return await fitModel(input, run, items, start);
  } finally {
    disposeParameters(start.model.params);
  }
}

/** The model before it has learned anything, and what it is to learn. */
interface Start {
  readonly split: Split;
  readonly model: Seq2Seq;
  /** With as many epochs as the interactions allow. */
  readonly training: TrainingConfig;
}

function createStart(
  { config, log }: FitInput,
  { onWarning }: FitRun,
  { semanticIds }: ItemKnowledge,
  split: Split,
): Start {
  const model = createModel(config, semanticIds.length);
  const targets = targetsPerEpoch({ log, split, model });
  return { split, model, training: withinBudget(config.training, targets, onWarning) };
}

async function fitModel(input: FitInput, run: FitRun, items: ItemKnowledge, start: Start): Promise<FitResult> {
  historyWarnings(input.log, start.split, items.semanticIds.length).forEach(run.onWarning);
  const onProgress = progressIn('ASSIGNMENT', run);
  const counted = chooseCounts(input.log, start.split, items.semanticIds.length, run.signal, onProgress);
  const parts = partsOf(input, items, start, counted);
  const tiger = openTiger(input.config, run.device, parts, false);
  const ranker = new HeldOutRanker(tiger, parts.evaluation);
  const validations = await learnHistories(input, run, sourceOf(parts), start.training, ranker);
  const checkpointDir = checkpointDirOf(input);
  const metrics = await measureModel(input, run, parts);
  run.onProgress(bareProgress('DONE', 1, 1));
  const { semanticIds } = items;
  return { checkpointDir, parameterCount: tiger.parameterCount, semanticIds, metrics, validations };
}

function checkpointDirOf({ jobDir }: FitInput): string {
  return join(jobDir, 'checkpoint');
}

/** The examples that the model learns from. */
function sourceOf({ model, evaluation }: ModelParts): BatchSource {
  const { log, split, semanticIds, seed } = evaluation;
  return { model, log, split, semanticIds, seed };
}

/**
 * The model has learned, so it is measured as it will serve, with the same products. One that is to serve then learns what was held out for
 * that. Stores it.
 *
 * @returns The figures that its checkpoint has.
 */
async function measureModel(input: FitInput, run: FitRun, parts: ModelParts): Promise<readonly MetricValue[]> {
  const ranker = openRanker(input, run, parts);
  try {
    const reportInput = reportInputOf(input, run, parts, ranker);
    const plan = planReport(reportInput);
    acceptHelp(input, run, parts, ranker);
    const chosen = await chooseMixture(reportInput, plan);
    const tested = await caughtUp(input, run, parts, ranker);
    const report = await reportOn(reportInputOf(input, run, tested.parts, tested.ranker), plan, chosen);
    await tested.ranker.dismissHelpers();
    const served =
      input.experiment === null
        ? await learnTheRest(input, run, parts, ranker, report)
        : { parts: tested.parts, metrics: [] };
    const ranking = [...report.metrics, ...(await report.compare()), ...served.metrics];
    return await saveModel(input, run.device, served.parts, report, ranking);
  } finally {
    await ranker.dismissHelpers();
  }
}

function openRanker({ config }: FitInput, { device }: FitRun, parts: ModelParts): HeldOutRanker {
  return new HeldOutRanker(openTiger(config, device, parts, true), parts.evaluation);
}

function reportInputOf(
  input: FitInput,
  run: FitRun,
  { texts, neighbours }: ModelParts,
  ranker: HeldOutRanker,
): ReportInput {
  const onProgress = (...progress: MeasuredUsers) => run.onProgress(bareProgress(...progress));
  return { ...input, ...run, ranker, texts, neighbours, onProgress };
}

function acceptHelp(input: FitInput, run: FitRun, parts: ModelParts, ranker: HeldOutRanker): void {
  const users = ranker.cases({ part: 'test' }).length;
  ranker.accept(run.openHelpers?.(() => searchedModel(input, run.device, parts), users));
}

interface Tested {
  readonly parts: ModelParts;
  readonly ranker: HeldOutRanker;
}

/** A server knows everything before the cut by date: so before an experiment's test the model learns the validation part, too. */
async function caughtUp(input: FitInput, run: FitRun, parts: ModelParts, ranker: HeldOutRanker): Promise<Tested> {
  const { split } = parts.evaluation;
  if (input.experiment === null || split.rule !== 'by-date') return { parts, ranker };
  await ranker.dismissHelpers();
  const further = { ...split, trainEnd: split.validationEnd };
  const known = {
    ...(await learnFurther(input, run, parts, further)),
    evaluation: { ...parts.evaluation, split: further },
  };
  const knowing = openRanker(input, run, known);
  acceptHelp(input, run, known, knowing);
  return { parts: known, ranker: knowing };
}

function learnTheRest(
  input: FitInput,
  run: FitRun,
  parts: ModelParts,
  ranker: HeldOutRanker,
  { weights }: Report,
): Promise<Measured<ModelParts>> {
  const { seed } = parts.evaluation;
  return lastPhase({
    model: parts.model,
    weights: weights.unseen,
    ...{ device: run.device, signal: run.signal, seed },
    before: parts,
    open: (of) => {
      const opened = openRanker(input, run, of);
      opened.weights = weights;
      return opened;
    },
    learn: () => learnFurther(input, run, parts, splitOfLastPhase(ranker)),
  });
}

/** The model learns the training part of another split for one epoch. @returns Its parts, with evidence counted there. */
async function learnFurther(input: FitInput, run: FitRun, parts: ModelParts, split: Split): Promise<ModelParts> {
  const { log, semanticIds } = parts.evaluation;
  await learnHeldOut(input, run, { ...sourceOf(parts), split });
  return { ...parts, ...countEvidence(log, split, semanticIds.length, parts) };
}

interface ModelParts extends ItemKnowledge, Counted {
  readonly model: Seq2Seq;
  readonly evaluation: EvaluationInput;
  /** See `TigerParts`. */
  readonly itemTexts: ReturnType<TextSpace['itemTable']> | null;
}

function partsOf(
  { config, log, vectors }: FitInput,
  items: ItemKnowledge,
  { split, model }: Start,
  counted: Counted,
): ModelParts {
  const { semanticIds, texts } = items;
  const { codebookSize } = model.vocabulary;
  return {
    ...items,
    model,
    evaluation: { log, split, semanticIds, codebookSize, seed: config.seed },
    itemTexts: texts?.itemTable(vectors) ?? null,
    ...counted,
  };
}

function openTiger(
  config: FitInput['config'],
  device: Device,
  { model, evaluation, texts, itemTexts, neighbours, popularity }: ModelParts,
  isFrozen: boolean,
): Tiger {
  return openMeasured({
    config,
    model,
    itemIds: learnedRows(evaluation),
    texts,
    itemTexts: itemTexts && variableOf(itemTexts),
    neighbours,
    popularity,
    device,
    isFrozen,
  });
}

/** The evaluation knows items by their rows. */
function learnedRows(evaluation: EvaluationInput): Int32Array {
  return learnedIds(Int32Array.from(evaluation.semanticIds.keys()), evaluation);
}

/** @returns The model as it is now, for threads that help to measure it. */
function searchedModel(
  { config }: FitInput,
  device: Device,
  { model, evaluation, itemTexts, neighbours, popularity }: ModelParts,
): SearchedModel {
  const weights = weightsOf(model, device);
  const itemIds = learnedRows(evaluation);
  return { config, weights, itemIds, itemTexts, neighbours, popularity, evaluation };
}

/** @returns The figures that the checkpoint has. */
async function saveModel(
  input: FitInput,
  device: Device,
  { model, evaluation, tokenizer, semanticIds, texts, itemTexts, ...counted }: ModelParts,
  { weights }: Report,
  ranking: readonly MetricValue[],
): Promise<readonly MetricValue[]> {
  const { config, itemIds } = input;
  const window = plainMetric('neighbour-window', REACHES[counted.reach].window);
  const metrics = [...ranking, window, ...idMetrics(semanticIds, config.tokenizer)];
  await saveCheckpoint(checkpointDirOf(input), {
    tensors: {
      weights: weightsOf(model, device),
      tokenizer: tokenizer.toTensors(),
      texts: texts?.toTensors() ?? {},
      ...(itemTexts === null ? {} : { 'item-texts': { directions: itemTexts } }),
      'item-neighbours': neighbourTensors(counted.neighbours),
      popularity: { weights: { shape: [itemIds.length], data: counted.popularity } },
      'semantic-ids': {
        ...idTensors(semanticIds),
        items: { shape: [itemIds.length], data: learnedIds(itemIds, evaluation) },
      },
    },
    documents: { config, metrics, weights },
  });
  return metrics;
}

/**
 * An item outside the training part gets a negative id, which is no item's. The model has learned nothing of its vector, or too little in
 * the one epoch of the refresh.
 */
function learnedIds(itemIds: Int32Array, { log, split }: EvaluationInput): Int32Array {
  const counts = trainingCounts(log, split, itemIds.length);
  return itemIds.map((itemId, row) => (counts[row] > 0 ? itemId : -1 - row));
}
