/** `tigerql train`: trains in this process on the items and histories of the database, and shows the progress. */
import { isDeepStrictEqual } from 'node:util';

import { Option } from 'commander';

import { MAX_INT } from '../../graphql/common/limits';
import type { MetricRecord } from '../../graphql/model-version/records';
import type { TrainingJobRecord } from '../../graphql/training/records';
import { PRESET_NAMES, type PresetName } from '../../models/config';
import type { TigerApp } from '../app';
import { openWritableFolder } from '../files/disk';
import type { StartArgs } from '../training/training-jobs';
import {
  CommandError,
  JSON_OPTION,
  printResult,
  wholeNumber,
  type AddCommand,
  type CommandEnvironment,
  type OutputOptions,
} from './command';
import { enterInto, throwUserErrors, withApp } from './open-services';
import { followJob } from './progress';
import { formatFigure, formatTable } from './text-table';

interface TrainOptions extends OutputOptions {
  readonly preset: PresetName;
  readonly seed: number;
  readonly reuseTokenizer: boolean;
  readonly activate: boolean;
}

export const addTrain: AddCommand = (program, environment) => {
  program
    .command('train')
    .description('train a model on the items and histories in the database')
    .addOption(new Option('--preset <name>', 'sizes and schedule').choices(PRESET_NAMES).default('base'))
    .option('--seed <n>', 'the same seed gives the same model', wholeNumber(0, MAX_INT), 1)
    .option('--reuse-tokenizer', 'keep the codes of the active model and train only the sequence model', false)
    .option('--no-activate', 'do not activate the new model, however good it is')
    .option(...JSON_OPTION)
    .action((options: TrainOptions) =>
      withApp(environment, async (app) => {
        // Without it, a job that a server has left would fail here.
        await openWritableFolder(environment.config().dataDir, 'DATA_DIR');
        const id = await jobFor(app, options, environment);
        const ended = await followJob(app.trainingJobs, id, environment.stderr, environment.signal);
        if (ended.status !== 'SUCCEEDED') throw new CommandError(endOf(ended));
        const version = ended.modelVersionId === null ? null : await app.models.version(ended.modelVersionId);
        printResult(environment, options, { job: ended, modelVersion: version }, () =>
          [
            `Model version ${version?.number}, ${version?.status}`,
            ...(ended.error === null ? [] : [ended.error]),
            metricTable(version?.metrics ?? []),
          ].join('\n'),
        );
      }),
    );
};

/** @returns The id of a job that a stopped command, or a server, has left and that is the same; else that of a new one. */
async function jobFor(
  { trainingJobs, audit }: TigerApp,
  { preset, seed, reuseTokenizer, activate: activateWhenBetter }: TrainOptions,
  { stderr }: CommandEnvironment,
): Promise<number> {
  const request = { preset, seed, reuseTokenizer, activateWhenBetter };
  const unfinished = await trainingJobs.unfinished();
  const same = unfinished.find((job) => isDeepStrictEqual({ ...job, ...request }, job));
  const [first] = unfinished;
  if (first !== undefined && first !== same)
    stderr.write(`Training job ${first.id} came before: it runs first, unless another process has it.\n`);
  if (same !== undefined) stderr.write(`Training job ${same.id} goes on.\n`);
  const id = same?.id ?? (await startedJob(audit, trainingJobs, request));
  await trainingJobs.resume(); // a server may take the job, and leave it
  return id;
}

async function startedJob(
  audit: TigerApp['audit'],
  trainingJobs: TigerApp['trainingJobs'],
  request: StartArgs,
): Promise<number> {
  const { job, userErrors } = await enterInto(audit)('startTraining', { ...request }, () =>
    trainingJobs.start(request),
  );
  throwUserErrors(userErrors);
  return job!.id;
}

function endOf({ id, status, error }: TrainingJobRecord): string {
  return `training job ${id}: ${status.toLowerCase()}${error === null ? '' : `: ${error}`}`;
}

function metricTable(metrics: readonly MetricRecord[]): string {
  const figure = (value: number | null) => (value === null ? null : formatFigure(value));
  const rows = metrics.map(({ name, value, low, high }) => [name, figure(value), figure(low), figure(high)]);
  return formatTable(['metric', 'value', 'low', 'high'], rows);
}
