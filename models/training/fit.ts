/**
 * A whole training, from vectors and histories to a checkpoint: tokenizer, semantic IDs, sequence model, evaluation, refresh, baselines.
 * Each phase that trains keeps its result in the job's folder, so that a training that was killed continues where it stopped.
 */
import { join } from 'node:path';

import { saveCheckpoint } from '../checkpoint/checkpoint';
import { createModel, weightsOf } from '../checkpoint/model-weights';
import type { Device } from '../compute/device';
import { variableOf } from '../compute/variables';
import { historyWarnings } from '../data/history-warnings';
import { nothingHeldOut, trainingCounts } from '../data/interactions';
import type { BatchSource } from '../data/sequence-batches';
import type { NeighbourTable } from '../decoding/neighbour-mixture';
import { HeldOutRanker, type EvaluationInput } from '../evaluation/evaluate';
import { idMetrics } from '../evaluation/id-metrics';
import type { MetricValue } from '../evaluation/metrics';
import { reportOn, type MeasuredUsers, type Report } from '../evaluation/report';
import { countParameters, disposeParameters } from '../seq2seq/parameters';
import { Tiger, usesNeighbours } from '../serving/tiger-model';
import type { TextSpace } from '../text/text-space';
import { bareProgress, splitOf, type FitInput, type FitResult, type FitRun } from './fit-input';
import { idTensors, learnItems, type ItemKnowledge } from './learn-items';
import { measureModel } from './measure-model';
import { neighbourTable, neighbourTensors } from './neighbour-table';
import { startWeights } from './start-weights';
import { learnHeldOut, learnHistories } from './train-histories';

/**
 * Trains a model and saves it.
 *
 * @throws The signal's reason when it is aborted; the same call later continues from the last state.
 * @throws {ShapeError} When items cannot be told apart: see `trainTokenizer`.
 * @throws {DivergedError} When a phase diverges, and again with half the learning rate.
 */
export async function fitTiger(input: FitInput, run: FitRun): Promise<FitResult> {
  const items = await learnItems(input, run);
  const model = createModel(input.config, items.semanticIds.length);
  try {
    return await fitModel(input, run, items, model);
  } finally {
    disposeParameters(model.params);
  }
}

async function fitModel(
  input: FitInput,
  run: FitRun,
  items: ItemKnowledge,
  model: ReturnType<typeof createModel>,
): Promise<FitResult> {
  const { config, log, jobDir } = input;
  const { semanticIds, texts } = items;
  const split = splitOf(input);
  historyWarnings(log, split).forEach(run.onWarning);
  const evaluation = { log, split, semanticIds, codebookSize: model.vocabulary.codebookSize, seed: config.seed };
  const itemTexts = model.params.itemVectors === null ? null : (texts?.itemTable(input.vectors) ?? null);
  const parts = { ...items, model, evaluation, itemTexts, neighbours: neighbourTable(log, split, semanticIds.length) };
  const ranker = openRanker(config, run.device, parts);
  startWeights(model, run.device, evaluation);
  const source = { model, log, split, semanticIds, seed: config.seed };
  const validations = await learnHistories(input, run, source, ranker);
  let served = parts.neighbours;
  const report = async () => {
    const onProgress = (...progress: MeasuredUsers) => run.onProgress(bareProgress(...progress));
    const reported = await reportOn({ ...input, ...run, ranker, texts, neighbours: parts.neighbours, onProgress });
    // Before the model is stored, and before the baselines, which do not use its weights.
    if (input.experiment === null) served = await refresh(input, run, source);
    return reported;
  };
  const checkpointDir = join(jobDir, 'checkpoint');
  const save = (reported: Report, ranking: readonly MetricValue[]) =>
    saveModel(checkpointDir, input, run.device, { ...parts, neighbours: served }, reported, ranking);
  const metrics = await measureModel(checkpointDir, input, run, { report, save });
  run.onProgress(bareProgress('DONE', 1, 1));
  return { checkpointDir, parameterCount: countParameters(model.params), semanticIds, metrics, validations };
}

interface ModelParts extends ItemKnowledge {
  readonly model: ReturnType<typeof createModel>;
  readonly evaluation: EvaluationInput;
  /** The text half of the item head; null: there is none. */
  readonly itemTexts: ReturnType<TextSpace['itemTable']> | null;
  readonly neighbours: NeighbourTable;
}

function openRanker(
  config: FitInput['config'],
  device: Device,
  { model, evaluation, texts, itemTexts, neighbours }: ModelParts,
): HeldOutRanker {
  const tiger = Tiger.open({
    config,
    model,
    // The evaluation knows items by their rows.
    itemIds: learnedIds(Int32Array.from(evaluation.semanticIds.keys()), evaluation),
    texts,
    itemTexts: itemTexts && variableOf(itemTexts),
    neighbours,
    itemHeadShare: 0,
    device,
    isFrozen: false,
  });
  return new HeldOutRanker(tiger, evaluation);
}

/** @returns The figures that the checkpoint has. */
async function saveModel(
  dir: string,
  { config, itemIds }: FitInput,
  device: Device,
  { model, evaluation, tokenizer, semanticIds, texts, itemTexts, neighbours }: ModelParts,
  { fusion }: Report,
  ranking: readonly MetricValue[],
): Promise<readonly MetricValue[]> {
  const metrics = [...ranking, ...idMetrics(semanticIds, config.tokenizer)];
  await saveCheckpoint(dir, {
    tensors: {
      weights: weightsOf(model, device),
      tokenizer: tokenizer.toTensors(),
      texts: texts?.toTensors() ?? {},
      ...(itemTexts !== null && fusion.textWeight > 0 ? { 'item-texts': { directions: itemTexts } } : {}),
      ...(usesNeighbours(fusion) ? { 'item-neighbours': neighbourTensors(neighbours) } : {}),
      'semantic-ids': {
        ...idTensors(semanticIds),
        items: { shape: [itemIds.length], data: learnedIds(itemIds, evaluation) },
      },
    },
    documents: { config, metrics, fusion },
  });
  return metrics;
}

/** The model and its neighbours learn what was held out for the figures. @returns The neighbours. */
async function refresh(input: FitInput, run: FitRun, source: BatchSource): Promise<NeighbourTable> {
  const split = nothingHeldOut(source.log, source.split);
  await learnHeldOut(input, run, { ...source, split });
  return neighbourTable(source.log, split, source.semanticIds.length);
}

/**
 * An item that is not in the training part gets a negative id, which is no item's: of its vector the model has learned nothing, or too
 * little in the one epoch that the refresh is.
 */
function learnedIds(itemIds: Int32Array, { log, split }: EvaluationInput): Int32Array {
  const counts = trainingCounts(log, split, itemIds.length);
  return itemIds.map((itemId, row) => (counts[row] > 0 ? itemId : -1 - row));
}
