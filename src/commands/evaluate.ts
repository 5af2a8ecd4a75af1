/** `tigerql evaluate`: the paper's experiment on a dataset folder, and its table. The database takes no part. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Option } from 'commander';
import { PRESET_NAMES, type PresetName } from '../../models/config';
import { readDataset } from '../datasets/read-dataset';
import { evaluateDataset, type Evaluation } from '../evaluation';
import { formatTable } from '../text-table';
import { JSON_OPTION, printResult, wholeNumber, type AddCommand, type OutputOptions } from './command';
import { PhaseDisplay } from './phase-display';

interface EvaluateOptions extends OutputOptions {
  readonly dataset: string;
  readonly preset: PresetName;
  readonly seed: number;
  readonly workDir?: string;
}

export const addEvaluate: AddCommand = (program, environment) => {
  program
    .command('evaluate')
    .description('train on a dataset folder, rank what was held out, and print the table beside the simple floors')
    .requiredOption('--dataset <dir>', 'items.jsonl with sequences.txt, or items.csv with events.csv or events.csv.gz')
    .addOption(new Option('--preset <name>', 'sizes and schedule').choices(PRESET_NAMES).default('base'))
    .option('--seed <n>', 'the same seed gives the same model', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--work-dir <dir>', 'keep the state here; a second run goes on where the first was cut short')
    .option(...JSON_OPTION)
    .action(async (options: EvaluateOptions) => {
      const dataset = await readDataset(options.dataset);
      const { preset, seed } = options;
      const { backend } = environment.config();
      const workDir = options.workDir ?? (await mkdtemp(join(tmpdir(), 'tigerql-evaluate-')));
      const display = new PhaseDisplay(environment.stderr);
      try {
        const onProgress = display.show.bind(display);
        const onWarning = (message: string) => void environment.stderr.write(`${message}\n`);
        const run = { preset, seed, backend, workDir };
        const evaluation = await evaluateDataset(dataset, run, { onProgress, onWarning }, environment.signal);
        display.stop();
        printResult(environment, options, evaluation, () => describe(evaluation));
      } finally {
        display.stop();
        if (options.workDir === undefined) await rm(workDir, { recursive: true, force: true });
      }
    });
};

const COLUMNS = ['recall@5', 'ndcg@5', 'recall@10', 'ndcg@10'] as const;
const FLOOR = /^floor\.(.+)\.[^.]+$/;

/** One row a ranking, each figure with its 95 % interval; then what is not a ranking. */
function describe({ dataset, preset, seed, device, seconds, metrics }: Evaluation): string {
  const floors = [...new Set(metrics.flatMap(({ name }) => FLOOR.exec(name)?.[1] ?? []))];
  const cell = (name: string) => {
    const metric = metrics.find((one) => one.name === name);
    if (metric === undefined) return null;
    const { value, low, high } = metric;
    return low === null || high === null ? digits(value) : `${digits(value)} [${digits(low)}, ${digits(high)}]`;
  };
  const rows = [
    [`tiger, ${preset}`, ...COLUMNS.map(cell)],
    ...floors.map((floor) => [floor, ...COLUMNS.map((column) => cell(`floor.${floor}.${column}`))]),
  ];
  const others = metrics.filter(({ name, low }) => low === null && !FLOOR.test(name));
  return [
    `${dataset}, seed ${seed}, on ${device}, ${Math.round(seconds)} s`,
    'Held-out items among all items, those the user already had left out; 95 % intervals over users.',
    '',
    formatTable(['', ...COLUMNS], rows),
    '',
    formatTable(
      ['', ''],
      others.map(({ name, value }) => [name, digits(value)]),
    ).trim(),
  ].join('\n');
}

function digits(value: number): string {
  return Number.isInteger(value) && value > 1 ? String(value) : value.toFixed(4);
}
