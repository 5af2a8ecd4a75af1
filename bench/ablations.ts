/**
 * `npm run ablations`: measures what each choice in the model gives alone, on the validation split of a dataset folder.
 *
 * Each ablation is one training. The test split is never used.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Command } from 'commander';

import { loadCheckpoint } from '../models/checkpoint/checkpoint';
import type { TigerConfig } from '../models/config';
import type { FitProgress } from '../models/training/fit-input';
import { STATE_FOLDERS } from '../models/training/phase-state';
import { wholeNumber } from '../src/commands/command';
import { PhaseDisplay } from '../src/commands/progress';
import { formatTable } from '../src/commands/text-table';
import { readDataset } from '../src/datasets/read-dataset';
import { type ExperimentData, packData, readExperimentData } from '../src/experiments/experiment-data';
import { RunClock } from '../src/experiments/run-clock';
import { createCodeAssigner, type CodeAssigner } from '../src/semantic-ids/text-encoder';
import { runOneOfSeveral } from '../src/training/training-runner';
import type { EncodeProtocol, TrainResult } from '../src/workers/messages';
import { spawnWorker } from '../src/workers/spawn-worker';
import { ablationConfig, ABLATIONS, type AblationName } from './ablation-list';

interface Options {
  readonly dataset: string;
  readonly workDir: string;
  readonly seed: number;
  readonly only: string;
}

interface Outcome {
  readonly ablation: AblationName;
  /** NDCG@10 of the mean weights: of the lists that are served, then of each head alone. */
  readonly figures: TrainResult['validations'][number];
  readonly cpuSeconds: number;
}

const MAX_SEED = 2 ** 30;

async function main(argv: readonly string[]): Promise<void> {
  const { dataset, workDir, seed, only } = new Command('ablations')
    .description('train one small model per ablation, and print what each reaches on validation')
    .requiredOption('--dataset <dir>', 'a dataset folder, as for `tigerql evaluate`')
    .requiredOption(
      '--work-dir <dir>',
      'the state of the trainings; a second run continues where the first one stopped',
    )
    .option('--seed <n>', 'the same seed gives the same models', wholeNumber(0, MAX_SEED), 1)
    .option('--only <names>', 'only these ablations, separated by commas', Object.keys(ABLATIONS).join(','))
    .parse(['node', 'ablations', ...argv])
    .opts<Options>();
  const names = only.split(',').map(known);
  const data = await readExperimentData(await readDataset(dataset));
  const encoder = spawnWorker<EncodeProtocol>('encode');
  const assigner = createCodeAssigner(encoder);
  const outcomes: Outcome[] = [];
  for (const name of names) outcomes.push(await runAblation(name, seed, data, assigner, join(workDir, name)));
  await encoder.dispose();
  process.stdout.write(`${tableOf(outcomes)}\n`);
}

function known(name: string): AblationName {
  if (name in ABLATIONS) return name as AblationName;
  throw new Error(`--only: expected some of ${Object.keys(ABLATIONS).join(', ')}, got ${name}`);
}

/** Trains the model of one ablation; reads the outcome instead when a former run has finished it. */
async function runAblation(
  ablation: AblationName,
  seed: number,
  data: ExperimentData,
  assigner: CodeAssigner,
  jobDir: string,
): Promise<Outcome> {
  const file = join(jobDir, 'outcome.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Outcome;
  process.stderr.write(`${ablation}\n`);
  mkdirSync(jobDir, { recursive: true });
  const clock = new RunClock(join(jobDir, 'time.json'));
  try {
    await trainUpToEvaluation(ablationConfig(ablation, seed), data, assigner, jobDir);
    const outcome = { ablation, figures: await lastValidation(jobDir), cpuSeconds: clock.read().cpuSeconds };
    writeFileSync(file, JSON.stringify(outcome, null, 2));
    return outcome;
  } finally {
    clock.stop();
  }
}

async function trainUpToEvaluation(
  config: TigerConfig,
  data: ExperimentData,
  assigner: CodeAssigner,
  jobDir: string,
): Promise<void> {
  const stop = new AbortController();
  const display = new PhaseDisplay(process.stderr);
  const onProgress = (progress: FitProgress) => {
    display.show(progress);
    if (progress.phase === 'EVALUATION') stop.abort(); // the evaluation would go on to the test split
  };
  const onWarning = (message: string) => void process.stderr.write(`${message}\n`);
  // A model that is to serve would learn what the test holds out.
  const experiment = { withheld: new Int32Array(0), hasDiversity: false };
  const fresh = { tokenizerFrom: null, presentCodes: null, experiment };
  const request = { type: 'train', jobId: 0, config, jobDir, ...packData(data), ...fresh } as const;
  try {
    await runOneOfSeveral(request, assigner, { backend: 'auto' }, { onProgress, onWarning }, stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    display.stop();
  }
}

/** Reads the state that a training saves at its end. */
async function lastValidation(jobDir: string): Promise<Outcome['figures']> {
  const { documents } = await loadCheckpoint(join(jobDir, STATE_FOLDERS.SEQ2SEQ));
  const { validations } = documents.position as Pick<TrainResult, 'validations'>;
  return validations[validations.length - 1];
}

function tableOf(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ ablation, figures, cpuSeconds }) => [
    ablation,
    ...[0, 1, 2].map((figure) => figures[figure]?.value.toFixed(4) ?? null),
    cpuSeconds.toFixed(0),
  ]);
  return formatTable(['NDCG@10 on validation', 'both heads', 'decoder', 'item head', 'CPU-seconds'], rows);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
