/**
 * A whole training, from vectors and histories to a checkpoint: tokenizer, semantic IDs, sequence model, evaluation, refresh, baselines.
 * Each phase that trains keeps its result in the job's folder, so that a training that was killed continues where it stopped.
 */
import { join } from 'node:path';

import { saveCheckpoint } from '../checkpoint/checkpoint';
import { createModel, secondSeed, weightsOf } from '../checkpoint/model-weights';
import type { Device } from '../compute/device';
import { variableOf } from '../compute/variables';
import type { TrainingConfig } from '../config';
import { historyWarnings } from '../data/history-warnings';
import { nothingHeldOut, trainingCounts, type Split } from '../data/interactions';
import { targetsPerEpoch, type BatchSource } from '../data/sequence-batches';
import type { NeighbourTable } from '../decoding/neighbour-mixture';
import { HeldOutRanker, type EvaluationInput } from '../evaluation/evaluate';
import { idMetrics } from '../evaluation/id-metrics';
import type { MetricValue } from '../evaluation/metrics';
import { reportOn, type MeasuredUsers, type Report } from '../evaluation/report';
import { disposeParameters } from '../seq2seq/parameters';
import type { Seq2Seq } from '../seq2seq/source';
import { usesNeighbours } from '../serving/head-weights';
import type { Tiger } from '../serving/tiger-model';
import type { TextSpace } from '../text/text-space';
import { hasTimeForTwo } from './epoch-budget';
import { bareProgress, splitOf, type FitInput, type FitResult, type FitRun } from './fit-input';
import { idTensors, learnItems, type ItemKnowledge } from './learn-items';
import { measureModel } from './measure-model';
import { neighbourTable, neighbourTensors } from './neighbour-table';
import { openMeasured, type SearchedModel } from './searched-model';
import { startWeights } from './start-weights';
import { learnHeldOut, learnHistories, learnSecondModel, withinBudget } from './train-histories';

/**
 * Trains a model and saves it.
 *
 * @throws The signal's reason when it is aborted; the same call later continues from the last state.
 * @throws {ShapeError} When items cannot be told apart: see `trainTokenizer`.
 * @throws {DivergedError} When a phase diverges, and again with half the learning rate.
 */
export async function fitTiger(input: FitInput, run: FitRun): Promise<FitResult> {
  const items = await learnItems(input, run);
  const models = createModels(input, run, items);
  try {
    return await fitModels(input, run, items, models);
  } finally {
    for (const { params } of modelsOf(models)) disposeParameters(params);
  }
}

interface Models {
  readonly split: Split;
  readonly model: Seq2Seq;
  /** See `Seq2SeqConfig.secondModel`. Null: the preset has none, or there is too much to learn from. */
  readonly second: Seq2Seq | null;
  /** With as many epochs as the interactions allow. */
  readonly training: TrainingConfig;
}

function modelsOf({ model, second }: Pick<Models, 'model' | 'second'>): Seq2Seq[] {
  return second === null ? [model] : [model, second];
}

function createModels(input: FitInput, { onWarning }: FitRun, { semanticIds }: ItemKnowledge): Models {
  const { config, log } = input;
  const split = splitOf(input);
  const model = createModel(config, semanticIds.length);
  const targets = targetsPerEpoch({ log, split, model });
  const training = withinBudget(config.training, targets, onWarning);
  const hasSecond = config.seq2seq.secondModel && hasTimeForTwo(targets);
  const second = hasSecond ? createModel(config, semanticIds.length, secondSeed(config)) : null;
  return { split, model, second, training };
}

async function fitModels(input: FitInput, run: FitRun, items: ItemKnowledge, models: Models): Promise<FitResult> {
  const { config, log, jobDir } = input;
  const { semanticIds, texts } = items;
  const { split, model, second, training } = models;
  historyWarnings(log, split).forEach(run.onWarning);
  const evaluation = { log, split, semanticIds, codebookSize: model.vocabulary.codebookSize, seed: config.seed };
  const itemTexts = model.params.itemVectors === null ? null : (texts?.itemTable(input.vectors) ?? null);
  const neighbours = neighbourTable(log, split, semanticIds.length);
  const parts = { ...items, model, second, evaluation, itemTexts, neighbours };
  const tiger = openTiger(config, run.device, parts);
  const ranker = new HeldOutRanker(tiger, evaluation);
  const source = { model, log, split, semanticIds, seed: config.seed };
  const secondSource = second && { ...source, model: second, seed: secondSeed(config) };
  startWeights(model, run.device, evaluation);
  if (secondSource !== null) {
    startWeights(secondSource.model, run.device, evaluation);
    await learnSecondModel(input, run, secondSource, training);
  }
  const validations = await learnHistories(input, run, source, training, ranker);
  let served = parts.neighbours;
  const report = async () => {
    const users = ranker.cases({ part: 'test' }).length;
    ranker.accept(run.openHelpers?.(() => searchedModel(input, run.device, parts), users));
    const onProgress = (...progress: MeasuredUsers) => run.onProgress(bareProgress(...progress));
    const reported = await reportOn({ ...input, ...run, ranker, texts, neighbours, onProgress });
    // Before the model is stored, and before the baselines, which do not use its weights.
    if (input.experiment === null) {
      await ranker.dismissHelpers();
      served = await refresh(input, run, source, secondSource);
    }
    return reported;
  };
  const checkpointDir = join(jobDir, 'checkpoint');
  const save = (reported: Report, ranking: readonly MetricValue[]) =>
    saveModel(checkpointDir, input, run.device, { ...parts, neighbours: served }, reported, ranking);
  const metrics = await measureModel(checkpointDir, input, run, { report, save }).finally(() =>
    ranker.dismissHelpers(),
  );
  run.onProgress(bareProgress('DONE', 1, 1));
  return { checkpointDir, parameterCount: tiger.parameterCount, semanticIds, metrics, validations };
}

interface ModelParts extends ItemKnowledge {
  readonly model: Seq2Seq;
  readonly second: Seq2Seq | null;
  readonly evaluation: EvaluationInput;
  /** The text half of the item head; null: there is none. */
  readonly itemTexts: ReturnType<TextSpace['itemTable']> | null;
  readonly neighbours: NeighbourTable;
}

function openTiger(
  config: FitInput['config'],
  device: Device,
  { evaluation, texts, itemTexts, neighbours, ...models }: ModelParts,
): Tiger {
  return openMeasured({
    config,
    models: modelsOf(models),
    itemIds: learnedRows(evaluation),
    texts,
    itemTexts: itemTexts && variableOf(itemTexts),
    neighbours,
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
  { evaluation, itemTexts, neighbours, ...models }: ModelParts,
): SearchedModel {
  const weights = modelsOf(models).map((one) => weightsOf(one, device));
  return { config, weights, itemIds: learnedRows(evaluation), itemTexts, neighbours, evaluation };
}

/** @returns The figures that the checkpoint has. */
async function saveModel(
  dir: string,
  { config, itemIds }: FitInput,
  device: Device,
  { model, second, evaluation, tokenizer, semanticIds, texts, itemTexts, neighbours }: ModelParts,
  { fusion }: Report,
  ranking: readonly MetricValue[],
): Promise<readonly MetricValue[]> {
  const metrics = [...ranking, ...idMetrics(semanticIds, config.tokenizer)];
  await saveCheckpoint(dir, {
    tensors: {
      weights: weightsOf(model, device),
      ...(second === null ? {} : { 'second-weights': weightsOf(second, device) }),
      tokenizer: tokenizer.toTensors(),
      texts: texts?.toTensors() ?? {},
      ...(itemTexts !== null && fusion.textWeight > 0 ? { 'item-texts': { directions: itemTexts } } : {}),
      ...(usesNeighbours(fusion) ? { 'item-neighbours': neighbourTensors(neighbours) } : {}),
      'semantic-ids': {
        ...idTensors(semanticIds),
        items: { shape: [itemIds.length], data: learnedIds(itemIds, evaluation) },
      },
    },
    documents: { config, metrics, fusion: { ...fusion, hasSecondModel: second !== null } },
  });
  return metrics;
}

/** The model, its second one and its neighbours learn what was held out for the figures. @returns The neighbours. */
async function refresh(
  input: FitInput,
  run: FitRun,
  source: BatchSource,
  second: BatchSource | null,
): Promise<NeighbourTable> {
  const split = nothingHeldOut(source.log, source.split);
  if (second !== null) await learnHeldOut(input, run, { ...second, split }, 'SECOND_REFRESH');
  await learnHeldOut(input, run, { ...source, split }, 'REFRESH');
  return neighbourTable(source.log, split, source.semanticIds.length);
}

/**
 * An item outside the training part gets a negative id, which is no item's. The model has learned nothing of its vector, or too little in
 * the one epoch of the refresh.
 */
function learnedIds(itemIds: Int32Array, { log, split }: EvaluationInput): Int32Array {
  const counts = trainingCounts(log, split, itemIds.length);
  return itemIds.map((itemId, row) => (counts[row] > 0 ? itemId : -1 - row));
}
