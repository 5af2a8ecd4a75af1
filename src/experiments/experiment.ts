/** The experiment on a dataset folder: one run per seed, and a summary of all runs. */
import { join } from 'node:path';

import { splitLog, type Split } from '../../models/data/interactions';
import type { Config } from '../config';
import type { Dataset } from '../datasets/dataset';
import { createCodeAssigner } from '../semantic-ids/code-assigner';
import type { TrainingEvents } from '../training/training-runner';
import type { EncodeProtocol, EncodeWorkerData } from '../workers/messages';
import { spawnWorker } from '../workers/spawn-worker';
import { evaluateDataset, type Evaluation, type EvaluationSettings } from './evaluation';
import { digestOf, readExperimentData } from './experiment-data';

export interface ExperimentSettings extends Omit<EvaluationSettings, 'seed'> {
  /** Each seed is one run. */
  readonly seeds: readonly number[];
}

export interface Experiment extends Omit<ExperimentSettings, 'hasDiversity'> {
  readonly dataset: string;
  /** How the test part was held out. */
  readonly rule: Split['rule'];
  /** The metrics of a single run, with intervals over users; or means of several runs, with intervals over seeds. */
  readonly metrics: Evaluation['metrics'];
  readonly intervals: 'over users' | 'over seeds';
  readonly runs: readonly Evaluation[];
}

/**
 * Runs the experiment once per seed.
 *
 * @param workDir - Gets one folder per seed.
 * @throws {Error} When diversity is wanted and all items have the same categories, or the folder of a seed has the state of another
 *   experiment.
 */
export async function runExperiment(
  dataset: Dataset,
  settings: ExperimentSettings,
  { backend, kinds, workDir }: Pick<Config, 'backend' | 'kinds'> & { readonly workDir: string },
  events: TrainingEvents,
  signal: AbortSignal,
): Promise<Experiment> {
  const { seeds, hasDiversity, ...others } = settings;
  const data = await readExperimentData(dataset, kinds);
  if (hasDiversity && data.categories.length === 0)
    throw new Error(
      `${dataset.dir}: expected items of several categories to measure diversity, got one category or none`,
    );
  const encoder = spawnWorker<EncodeProtocol>('encode', { backend } satisfies EncodeWorkerData);
  try {
    const parts = { dataset, data, digest: digestOf(data), backend, assigner: createCodeAssigner(encoder) };
    const runs: Evaluation[] = [];
    for (const seed of seeds) {
      const run = { ...others, seed, hasDiversity };
      runs.push(await evaluateDataset(parts, run, join(workDir, `seed-${seed}`), events, signal));
    }
    const rule = others.cut === null ? splitLog(data.log).rule : 'by-date';
    return { dataset: dataset.dir, ...others, seeds, rule, ...summary(runs), runs };
  } finally {
    await encoder.dispose();
  }
}

function summary(runs: readonly Evaluation[]): Pick<Experiment, 'metrics' | 'intervals'> {
  if (runs.length === 1) return { metrics: runs[0].metrics, intervals: 'over users' };
  const values = ({ metrics }: Evaluation) => new Map(metrics.map(({ name, value }) => [name, value]));
  return { metrics: meansOverSeeds(runs.map(values)), intervals: 'over seeds' };
}

/** 97.5 % quantiles of Student's t distribution with 1, 2, … degrees of freedom. */
const T_QUANTILES = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];
/** There are quantiles for this many seeds. */
export const MAX_SEEDS = T_QUANTILES.length + 1;

/**
 * Computes means of the figures that every run has, with the 95 % interval mean ± t · s / √n over the seeds, which may reach beyond what
 * a share can be.
 *
 * @param runs - Name → value for each run; two runs or more.
 */
export function meansOverSeeds(runs: readonly ReadonlyMap<string, number>[]): Evaluation['metrics'] {
  const n = runs.length;
  const shared = [...runs[0].keys()].filter((name) => runs.every((run) => run.has(name)));
  return shared.map((name) => {
    const values = runs.map((run) => run.get(name)!);
    const value = values.reduce((a, b) => a + b, 0) / n;
    const variance = values.reduce((sum, x) => sum + (x - value) ** 2, 0) / (n - 1);
    const half = T_QUANTILES[n - 2] * Math.sqrt(variance / n);
    return { name, value, low: value - half, high: value + half };
  });
}
