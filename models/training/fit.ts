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
import { nothingHeldOut, trainingCounts, type Split } from '../data/interactions';
import { targetsPerEpoch, type BatchSource } from '../data/sequence-batches';
import { HeldOutRanker, type EvaluationInput } from '../evaluation/held-out-ranker';
import { idMetrics } from '../evaluation/list-metrics';
import { plainMetric, type MetricValue } from '../evaluation/metrics';
import { reportOn, type MeasuredUsers, type Report } from '../evaluation/report';
import type { Seq2Seq } from '../seq2seq/batches';
import { disposeParameters } from '../seq2seq/parameters';
import type { Tiger } from '../serving/tiger-model';
import type { TextSpace } from '../text/text-space';
import { bareProgress, splitOf, type FitInput, type FitResult, type FitRun } from './fit-input';
import { idTensors, learnItems, type ItemKnowledge } from './learn-items';
import { measureModel, type MeasuredModel, openMeasured, type SearchedModel } from './measure-model';
import { chooseCounts, countEvidence, type Counted, neighbourTensors, REACHES } from './counted-evidence';
import { startWeights } from './start-weights';
import { learnHeldOut, learnHistories, withinBudget } from './train-histories';

/**
 * Trains a model and saves it.
 *
 * @throws The signal's reason when it is aborted; the same call later continues from the last state.
 * @throws {ShapeError} When items cannot be told apart: see `trainTokenizer`.
 * @throws {DivergedError} When a phase diverges, and again with half the learning rate.
 */
export async function fitTiger(input: FitInput, run: FitRun): Promise<FitResult> {
  const items = await learnItems(input, run);
  const start = createStart(input, run, items);
  try {
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

function createStart(input: FitInput, { onWarning }: FitRun, { semanticIds }: ItemKnowledge): Start {
  const { config, log } = input;
  const split = splitOf(input);
  const model = createModel(config, semanticIds.length);
  const targets = targetsPerEpoch({ log, split, model });
  return { split, model, training: withinBudget(config.training, targets, onWarning) };
}

async function fitModel(input: FitInput, run: FitRun, items: ItemKnowledge, start: Start): Promise<FitResult> {
  historyWarnings(input.log, start.split, items.semanticIds.length).forEach(run.onWarning);
  const counted = chooseCounts(input.log, start.split, items.semanticIds.length, run.signal);
  const parts = partsOf(input, items, start, counted);
  const tiger = openTiger(input.config, run.device, parts);
  const ranker = new HeldOutRanker(tiger, parts.evaluation);
  startWeights(start.model, run.device, parts.evaluation);
  const validations = await learnHistories(input, run, sourceOf(parts), start.training, ranker);
  const checkpointDir = checkpointDirOf(input);
  const measure = () => measuredModel(input, run, parts, ranker);
  const metrics = await measureModel(checkpointDir, input, run, measure).finally(() => ranker.dismissHelpers());
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

/** Measures the model. One that is to serve then learns what was held out for that. */
async function measuredModel(
  input: FitInput,
  run: FitRun,
  parts: ModelParts,
  ranker: HeldOutRanker,
): Promise<MeasuredModel> {
  const report = await reportOnParts(input, run, parts, ranker);
  let served = parts;
  // Before the model is stored, and before the baselines, which do not use its weights.
  if (input.experiment === null) {
    await ranker.dismissHelpers();
    served = { ...parts, ...(await refresh(input, run, parts)) };
  }
  return { report, save: (ranking) => saveModel(input, run.device, served, report, ranking) };
}

async function reportOnParts(input: FitInput, run: FitRun, parts: ModelParts, ranker: HeldOutRanker): Promise<Report> {
  const users = ranker.cases({ part: 'test' }).length;
  ranker.accept(run.openHelpers?.(() => searchedModel(input, run.device, parts), users));
  const onProgress = (...progress: MeasuredUsers) => run.onProgress(bareProgress(...progress));
  const { texts, neighbours } = parts;
  return reportOn({ ...input, ...run, ranker, texts, neighbours, onProgress });
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

/** The model learns what was held out for the figures. @returns The evidence with that. */
async function refresh(input: FitInput, run: FitRun, parts: ModelParts): Promise<Counted> {
  const source = sourceOf(parts);
  const split = nothingHeldOut(source.log, source.split);
  await learnHeldOut(input, run, { ...source, split });
  return countEvidence(source.log, split, source.semanticIds.length, parts);
}

/**
 * An item outside the training part gets a negative id, which is no item's. The model has learned nothing of its vector, or too little in
 * the one epoch of the refresh.
 */
function learnedIds(itemIds: Int32Array, { log, split }: EvaluationInput): Int32Array {
  const counts = trainingCounts(log, split, itemIds.length);
  return itemIds.map((itemId, row) => (counts[row] > 0 ? itemId : -1 - row));
}
