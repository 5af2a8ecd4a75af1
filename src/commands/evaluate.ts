/** `tigerql evaluate`: runs the paper's experiment on a dataset folder and prints its tables. It uses no database. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { InvalidArgumentError, Option } from 'commander';

import { MAX_INT } from '../../graphql/common/limits';
import { PRESET_NAMES, type PresetName } from '../../models/config';
import { isoDay } from '../../models/math/day';
import type { ReadOptions } from '../datasets/dataset';
import { readDataset } from '../datasets/read-dataset';
import { MAX_SEEDS, runExperiment, type ExperimentSettings } from '../experiments/experiment';
import {
  type AddCommand,
  type CommandEnvironment,
  JSON_OPTION,
  type OutputOptions,
  printResult,
  wholeNumber,
} from './command';
import { experimentTables } from './evaluate-tables';
import { leftOut, SKIP_UNKNOWN_OPTION } from './import-export';
import { PhaseDisplay } from './progress';

interface EvaluateOptions extends OutputOptions, ReadOptions {
  readonly dataset: string;
  readonly preset: PresetName;
  readonly seed: number;
  readonly seeds: number;
  readonly split?: string;
  readonly ties: ExperimentSettings['ties'];
  readonly diversity?: boolean;
  readonly coldShare: number;
  readonly workDir?: string;
}

export const addEvaluate: AddCommand = (program, environment) => {
  program
    .command('evaluate')
    .description('train on a dataset folder, rank the held-out items, and print the table beside simple baselines')
    .requiredOption(
      '--dataset <dir>',
      'items.jsonl with sequences.txt or interactions.jsonl, or items.csv with events.csv; the files may be gzipped',
    )
    .addOption(new Option('--preset <name>', 'sizes and schedule').choices(PRESET_NAMES).default('base'))
    .option('--seed <n>', 'the same seed gives the same model', wholeNumber(0, MAX_INT - MAX_SEEDS), 1)
    .option('--seeds <n>', 'how many seeds to run, counted up from --seed', wholeNumber(1, MAX_SEEDS), 1)
    .addOption(
      new Option(
        '--split <day>',
        'train on what was before this day, such as 2013-06-15, and list what each user buys in the 30 days from it on; ' +
          "without it, the ends of all users' histories are held out",
      )
        .argParser(day)
        .conflicts('coldShare'),
    )
    .addOption(
      new Option(
        '--ties <order>',
        'order of items that a user bought at the same time: as in the file, or shuffled by the seed',
      )
        .choices(['filed', 'shuffled'])
        .default('filed'),
    )
    .option('--diversity', 'measure category entropy and NDCG@10 at several sampling temperatures')
    .option(
      '--cold-share <x>',
      'withhold this share of the items from training, and measure how well they are found',
      share,
      0,
    )
    .option('--work-dir <dir>', 'keep the state here; a second run continues where the first one stopped')
    .option(...SKIP_UNKNOWN_OPTION)
    .option(...JSON_OPTION)
    .action((options: EvaluateOptions) => evaluate(options, environment));
};

async function evaluate(options: EvaluateOptions, environment: CommandEnvironment): Promise<void> {
  const { signal, stderr, config } = environment;
  const dataset = await readDataset(options.dataset, { ...options, signal });
  for (const line of leftOut(dataset)) stderr.write(`${line}\n`);
  const { backend, kinds } = config();
  const workDir = options.workDir ?? (await mkdtemp(join(tmpdir(), 'tigerql-evaluate-')));
  const display = new PhaseDisplay(stderr);
  try {
    const onProgress = display.show.bind(display);
    const onWarning = (message: string) => void stderr.write(`${message}\n`);
    const events = { onProgress, onWarning };
    const experiment = await runExperiment(dataset, settingsOf(options), { backend, kinds, workDir }, events, signal);
    display.stop();
    printResult(environment, options, experiment, () => experimentTables(experiment));
  } finally {
    display.stop();
    if (options.workDir === undefined) await rm(workDir, { recursive: true, force: true });
  }
}

function settingsOf({ preset, seed, seeds, split, ties, coldShare, diversity }: EvaluateOptions): ExperimentSettings {
  return {
    preset,
    seeds: Array.from({ length: seeds }, (_, i) => seed + i),
    cut: split ?? null,
    ties,
    coldShare,
    hasDiversity: diversity === true,
  };
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 0.5) return value;
  throw new InvalidArgumentError('Expected a number from 0 to 0.5.');
}

function day(text: string): string {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(time) && isoDay(time) === text) return text;
  throw new InvalidArgumentError('Expected a day, such as 2013-06-15.');
}
