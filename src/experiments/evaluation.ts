/** One run of the experiment: trains on the histories of a dataset, then ranks the held-out items. It uses no database. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { DeviceKind } from '../../models/compute/device';
import { presetConfig, type PresetName } from '../../models/config';
import type { Dataset } from '../datasets/dataset';
import { openWritableFolder } from '../files/disk';
import { packageVersion } from '../paths';
import type { CodeAssigner } from '../semantic-ids/code-assigner';
import { checkTrainRequest } from '../training/training-data';
import { encodeMissing, runTraining, type TrainingEvents } from '../training/training-runner';
import type { TrainRequest, TrainResult } from '../workers/messages';
import { changeHistories, type ExperimentData, type HistoryChanges, packData } from './experiment-data';

export interface EvaluationSettings extends HistoryChanges {
  readonly preset: PresetName;
  /** The day of a split by date, such as 2013-06-15; null: the ends of histories are held out. */
  readonly cut: string | null;
  /** True: diversity and hits are measured at several temperatures. */
  readonly hasDiversity: boolean;
}

/** Parts that all the runs of an experiment share. */
export interface EvaluationParts {
  readonly dataset: Dataset;
  readonly data: ExperimentData;
  /** Digest of the data as it was read: see `digestOf`. */
  readonly digest: string;
  readonly assigner: CodeAssigner;
  readonly backend: DeviceKind | 'auto';
}

export interface Evaluation {
  readonly seed: number;
  readonly device: string;
  readonly parameterCount: number;
  /** Wall time of training and evaluation in the process that ended it. */
  readonly seconds: number;
  /** Held-out quality with 95 % intervals over users: see docs/cli.md. */
  readonly metrics: TrainResult['metrics'];
  /** NDCG@10 on validation after each epoch. */
  readonly validations: TrainResult['validations'];
}

/**
 * Trains and evaluates one model.
 *
 * @param workDir - Keeps the state of the run. The same call continues where it stopped, and only reads a finished run.
 * @throws {Error} When the state in the folder has other settings.
 * @throws The signal's reason when it is aborted.
 */
export async function evaluateDataset(
  { dataset, data, digest, assigner, backend }: EvaluationParts,
  settings: EvaluationSettings,
  workDir: string,
  events: TrainingEvents,
  signal: AbortSignal,
): Promise<Evaluation> {
  const { seed, hasDiversity } = settings;
  const request = trainRequest(data, settings, workDir);
  await claimWorkDir(workDir, { dataset, digest }, request.config, settings);
  const finished = readFinished(workDir);
  if (finished !== null && (finished.hasDiversity || !hasDiversity)) return finished.evaluation;
  checkTrainRequest(request);
  const [begin, cpuBegin] = [performance.now(), process.cpuUsage()];
  await encodeMissing(request, assigner, events, signal);
  // A copy is moved to the worker: the next seed reads the same vectors.
  const copy = structuredClone(request);
  const { device, parameterCount, metrics, validations } = await runTraining(
    copy,
    assigner,
    { backend },
    events,
    signal,
  );
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(cpuBegin);
  const cost = { name: 'cpu-seconds', value: (user + system) / 1e6, low: null, high: null };
  const evaluation = { seed, device, parameterCount, seconds, metrics: [...metrics, cost], validations };
  writeFileSync(finishedFile(workDir), JSON.stringify({ evaluation, hasDiversity } satisfies Finished, null, 2));
  return evaluation;
}

function trainRequest(data: ExperimentData, settings: EvaluationSettings, jobDir: string): TrainRequest {
  const { cut, hasDiversity } = settings;
  const { withheld, ...changed } = changeHistories(data, settings);
  return {
    type: 'train',
    jobId: 0,
    config: presetConfig(settings.preset, {
      seed: settings.seed,
      numItems: data.itemIds.length,
      kinds: data.log.rules,
    }),
    jobDir,
    ...packData(changed),
    tokenizerFrom: null,
    presentCodes: null,
    experiment: { ...(cut !== null && { cut: Date.parse(cut) }), withheld, hasDiversity },
  };
}

// ---- The work folder ------------------------------------------------------------------------------------------------

interface Finished {
  readonly evaluation: Evaluation;
  readonly hasDiversity: boolean;
}

function finishedFile(workDir: string): string {
  return join(workDir, 'evaluation.json');
}

function readFinished(workDir: string): Finished | null {
  const file = finishedFile(workDir);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Finished) : null;
}

/** Writes the settings beside the state, or compares them: a training would also continue from a state with other settings. */
async function claimWorkDir(
  workDir: string,
  { dataset: { dir, counts }, digest }: Pick<EvaluationParts, 'dataset' | 'digest'>,
  config: TrainRequest['config'],
  { cut, ties, coldShare }: EvaluationSettings,
): Promise<void> {
  const origin = { dataset: resolve(dir), ...counts, data: digest, version: packageVersion() };
  const claim = JSON.stringify({ ...origin, ...(cut !== null && { cut }), ties, coldShare, ...config }, null, 2);
  const file = join(workDir, 'settings.json');
  await openWritableFolder(workDir, '--work-dir');
  if (!existsSync(file)) return writeFileSync(file, claim);
  const present = readFileSync(file, 'utf8').split('\n');
  const lines = claim.split('\n');
  const line = lines.findIndex((text, i) => text !== present[i]);
  if (line < 0) return;
  const [wanted, got] = [lines[line], present[line] ?? ''].map((text) => text.replace(/[",]/g, '').trim());
  throw new Error(`${workDir}: expected the state of an experiment with ${wanted}, got one with ${got}`);
}
