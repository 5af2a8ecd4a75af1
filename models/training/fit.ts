/**
 * A whole training, from vectors and histories to a checkpoint: tokenizer, semantic IDs, sequence model, evaluation. Each phase
 * keeps its result in the job's folder, so that a training that was killed continues where it stopped.
 */
import { join } from 'node:path';

import { saveCheckpoint } from '../checkpoint/checkpoint';
import { createModel, weightsOf } from '../checkpoint/model-weights';
import { variableOf } from '../compute/variables';
import { historyWarnings } from '../data/history-warnings';
import { splitLog, trainingCounts } from '../data/interactions';
import { chooseShare, headRanks, HeldOutRanker, type EvaluationInput, type HeadChoice } from '../evaluation/evaluate';
import { idMetrics } from '../evaluation/id-metrics';
import { plainMetric, type MetricValue } from '../evaluation/metrics';
import { reportOn, type Report } from '../evaluation/report';
import { countParameters, disposeParameters } from '../seq2seq/parameters';
import { Tiger } from '../serving/tiger-model';
import { withSecondTry } from './divergence';
import { bareProgress, type FitInput, type FitResult, type FitRun } from './fit-input';
import { idTensors, learnItems, type ItemKnowledge } from './learn-items';
import { measureModel } from './measure-model';
import { neighbourTable, neighbourTensors } from './neighbour-table';
import { readState, saveState } from './phase-state';
import { startWeights } from './start-weights';
import { trainSeq2Seq, type TrainingPosition, type TrainSeq2SeqOptions, type Validation } from './train-seq2seq';

/**
 * Trains a model and saves it.
 *
 * @throws The signal's reason when it is aborted; the same call later continues from the last snapshot.
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
  { tokenizer, semanticIds, texts }: ItemKnowledge,
  model: ReturnType<typeof createModel>,
): Promise<FitResult> {
  const { config, itemIds, log, jobDir } = input;
  const { device } = run;
  const evaluation: EvaluationInput = {
    log,
    split: splitLog(log),
    semanticIds,
    width: model.vocabulary.width,
    seed: config.seed,
  };
  historyWarnings(log, evaluation.split).forEach(run.onWarning);
  // The evaluation knows items by their rows.
  const rows = learnedIds(Int32Array.from(semanticIds.keys()), evaluation);
  const itemTexts = model.params.itemVectors === null ? null : (texts?.itemTable(input.vectors) ?? null);
  const neighbours = neighbourTable(log, evaluation.split, semanticIds.length);
  const tiger = Tiger.open({
    config,
    model,
    itemIds: rows,
    texts,
    itemTexts: itemTexts && variableOf(itemTexts),
    neighbours,
    itemHeadShare: 0,
    device,
    isFrozen: false,
  });
  const ranker = new HeldOutRanker(tiger, evaluation);
  startWeights(model, device, evaluation);
  const validations = await trainModel(input, run, model, ranker);
  const checkpointDir = join(jobDir, 'checkpoint');
  const save = async ({ fusion }: Report, ranking: readonly MetricValue[]) => {
    const metrics = [...ranking, ...idMetrics(semanticIds, config.tokenizer)];
    await saveCheckpoint(checkpointDir, {
      tensors: {
        weights: weightsOf(model, device),
        tokenizer: tokenizer.toTensors(),
        texts: texts?.toTensors() ?? {},
        ...(itemTexts !== null && fusion.textWeight > 0 ? { 'item-texts': { directions: itemTexts } } : {}),
        ...(fusion.neighbourShare > 0 ? { 'item-neighbours': neighbourTensors(neighbours) } : {}),
        'semantic-ids': {
          ...idTensors(semanticIds),
          items: { shape: [itemIds.length], data: learnedIds(itemIds, evaluation) },
        },
      },
      documents: { config, metrics, fusion },
    });
    return metrics;
  };
  const report = () =>
    reportOn({
      ...input,
      ...run,
      ranker,
      texts,
      neighbours,
      onProgress: (done, total) => run.onProgress(bareProgress('EVALUATION', done, total)),
    });
  const metrics = await measureModel(checkpointDir, input, run, { report, save });
  run.onProgress(bareProgress('DONE', 1, 1));
  return { checkpointDir, parameterCount: countParameters(model.params), semanticIds, metrics, validations };
}

/** Nothing was learned of an item that is not in the training part: its vector gets a negative id, which is no item's. */
function learnedIds(itemIds: Int32Array, { log, split }: EvaluationInput): Int32Array {
  const counts = trainingCounts(log, split, itemIds.length);
  return itemIds.map((itemId, row) => (counts[row] > 0 ? itemId : -1 - row));
}

async function trainModel(
  { config, jobDir }: FitInput,
  { device, signal, onProgress, onWarning, onState }: FitRun,
  model: ReturnType<typeof createModel>,
  ranker: HeldOutRanker,
): Promise<readonly Validation[]> {
  const { log, split, semanticIds } = ranker.input;
  const stateDir = join(jobDir, 'seq2seq-state');
  const options: Omit<TrainSeq2SeqOptions, 'resume'> = {
    device,
    source: { model, log, split, semanticIds, seed: config.seed },
    config: config.training,
    signal,
    onSnapshot: async (snapshot) => {
      await saveState(stateDir, snapshot);
      await onState?.();
    },
    validate: async () => {
      const users = config.training.validationUsers;
      const options = { part: 'validation', users, signal } as const;
      const ranks = await ranker.rank(options, headRanks);
      return ranks.length === 0 ? [] : validationMetrics(chooseShare(ranks, ranker.hasItemHead));
    },
    onProgress: ({ step, totalSteps, loss, learningRate, validation, examplesPerSecond, secondsLeft }) => {
      const values = [{ name: 'learningRate', value: learningRate }, ...validation];
      const metrics = values.map(({ name, value }) => plainMetric(name, value));
      onProgress({ phase: 'SEQ2SEQ', step, totalSteps, loss, metrics, examplesPerSecond, secondsLeft });
    },
  };
  const read = () => readState<TrainingPosition>(stateDir);
  return withSecondTry(read, (resume) => trainSeq2Seq({ ...options, resume }), onWarning);
}

/** NDCG@10 of the lists that would be served, then of each head alone. */
function validationMetrics({ served, decoder, itemHead }: HeadChoice): Validation {
  const all = {
    'ndcg@10': served,
    ...(itemHead === null ? {} : { 'decoder.ndcg@10': decoder, 'item-head.ndcg@10': itemHead }),
  };
  return Object.entries(all).map(([name, value]) => ({ name: `validation.${name}`, value }));
}
