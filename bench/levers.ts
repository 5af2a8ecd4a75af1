/**
 * `npm run levers`: what each choice in the model gives alone, on the validation split of a dataset folder. One training a lever;
 * the test split is never looked at.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Command } from 'commander';

import { loadCheckpoint, type TigerConfig } from '../models/tiger';
import { wholeNumber } from '../src/commands/command';
import { PhaseDisplay } from '../src/commands/phase-display';
import { formatTable } from '../src/commands/text-table';
import { readDataset } from '../src/datasets/read-dataset';
import { readExperimentData, type ExperimentData } from '../src/experiments/experiment-data';
import { RunClock } from '../src/experiments/run-clock';
import { createCodeAssigner, type CodeAssigner } from '../src/semantic-ids/text-encoder';
import { runOneOfSeveral } from '../src/training/training-runner';
import type { EncodeProtocol, TrainProgress, TrainResult } from '../src/workers/messages';
import { spawnWorker } from '../src/workers/spawn-worker';
import { leverConfig, LEVERS, type LeverName } from './lever-list';

interface Options {
  readonly dataset: string;
  readonly workDir: string;
  readonly seed: number;
  readonly only: string;
}

interface Outcome {
  readonly lever: LeverName;
  /** NDCG@10 of the epoch whose served lists were best: theirs, then each head's. */
  readonly best: TrainResult['validations'][number];
  readonly cpuSeconds: number;
}

const LARGEST_SEED = 2 ** 30;

async function main(argv: readonly string[]): Promise<void> {
  const { dataset, workDir, seed, only } = new Command('levers')
    .description('trains a small model a lever, and prints what each gives on validation')
    .requiredOption('--dataset <dir>', 'as for `tigerql evaluate`')
    .requiredOption('--work-dir <dir>', 'keeps the state: a second run goes on where the first was cut short')
    .option('--seed <n>', 'the same seed gives the same models', wholeNumber(0, LARGEST_SEED), 1)
    .option('--only <names>', 'only these, separated by commas', Object.keys(LEVERS).join(','))
    .parse(['node', 'levers', ...argv])
    .opts<Options>();
  const names = only.split(',').map(known);
  const data = await readExperimentData(await readDataset(dataset));
  const encoder = spawnWorker<EncodeProtocol>('encode');
  const assigner = createCodeAssigner(encoder);
  const outcomes: Outcome[] = [];
  for (const name of names) outcomes.push(await pull(name, seed, data, assigner, join(workDir, name)));
  await encoder.dispose();
  process.stdout.write(`${tableOf(outcomes)}\n`);
}

function known(name: string): LeverName {
  if (name in LEVERS) return name as LeverName;
  throw new Error(`--only: expected some of ${Object.keys(LEVERS).join(', ')}, got ${name}`);
}

/** Trains with one lever pulled; what is finished is only read. */
async function pull(
  lever: LeverName,
  seed: number,
  data: ExperimentData,
  assigner: CodeAssigner,
  jobDir: string,
): Promise<Outcome> {
  const file = join(jobDir, 'outcome.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Outcome;
  process.stderr.write(`${lever}\n`);
  mkdirSync(jobDir, { recursive: true });
  const clock = new RunClock(join(jobDir, 'time.json'));
  try {
    await trainUpToEvaluation(leverConfig(lever, seed), data, assigner, jobDir);
    const outcome = { lever, best: await bestEpoch(jobDir), cpuSeconds: clock.read().cpuSeconds };
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
  const onProgress = (progress: TrainProgress) => {
    display.show(progress);
    if (progress.phase === 'EVALUATION') stop.abort(); // it begins with validation, and goes on to test
  };
  const onWarning = (message: string) => void process.stderr.write(`${message}\n`);
  const fresh = { tokenizerFrom: null, presentCodes: null, experiment: null };
  const request = { type: 'train', jobId: 0, config, jobDir, ...data, ...fresh } as const;
  try {
    await runOneOfSeveral(request, assigner, { backend: 'auto' }, { onProgress, onWarning }, stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    display.stop();
  }
}

/** From the state that a training leaves after every epoch. */
async function bestEpoch(jobDir: string): Promise<Outcome['best']> {
  const { documents } = await loadCheckpoint(join(jobDir, 'seq2seq-state'));
  const { validations } = documents.position as Pick<TrainResult, 'validations'>;
  return validations.reduce((best, one) => (one[0].value > best[0].value ? one : best));
}

function tableOf(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ lever, best, cpuSeconds }) => [
    lever,
    ...[0, 1, 2].map((figure) => best[figure]?.value.toFixed(4) ?? null),
    cpuSeconds.toFixed(0),
  ]);
  return formatTable(['NDCG@10 on validation', 'both heads', 'decoder', 'item head', 'CPU-seconds'], rows);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
