/** `tigerql import` and `tigerql export`: a dataset folder, or a feed of items, into the database, and back. */
import { MAX_CATEGORIES, MAX_DESCRIPTION, MAX_NAME, MAX_TITLE } from '../../graphql/common/limits';
import type { TigerApp } from '../app';
import type { ImportMode } from '../catalogue/importer';
import type { Dataset, DatasetCounts, ReadOptions } from '../datasets/dataset';
import { hasDemoShop, removeDemoShop } from '../datasets/demo-shop';
import { exportDataset } from '../datasets/export-dataset';
import { checkRoom, importDataset } from '../datasets/import-dataset';
import { readDataset } from '../datasets/read-dataset';
import { withSpooledItems } from '../datasets/spooled-items';
import {
  type AddCommand,
  type CommandEnvironment,
  JSON_OPTION,
  type OutputOptions,
  printResult,
  withProgress,
} from './command';
import { auditOf, withApp, withDatabase, withExistingDatabase } from './open-services';

const BESIDE_DEMO =
  'The demo shop is in this database too, and lists can have its items: for your shop alone, import with --without-demo\n';

interface ImportCommandOptions extends OutputOptions, ReadOptions, ImportMode {
  readonly withoutDemo?: boolean;
}

const STDIN = '-';

export const addImport: AddCommand = (program, environment) => {
  program
    .command('import')
    .description(
      'load a dataset folder, or a feed of items, into the database; items that are there already stay as they are',
    )
    .argument(
      '<dir>',
      'items.jsonl and perhaps sequences.txt, or items.csv and perhaps events.csv; the files may be gzipped. -: items alone, from standard input',
    )
    .option('--update', 'change items that differ from those of the feed, and bring back removed ones that it has')
    .option('--retire', 'remove the items that the feed does not have')
    .option(
      '--without-demo',
      'first delete the demo shop: its items, and its users who have done nothing else; a training of it is cancelled',
    )
    .option(...SKIP_UNKNOWN_OPTION)
    .option(...JSON_OPTION)
    .action(async (dir: string, options: ImportCommandOptions) => {
      const { signal, stdin = process.stdin } = environment;
      const run = (dataset: Dataset) => importInto(environment, dir, dataset, options);
      const reading = { ...options, signal };
      if (dir === STDIN) await withSpooledItems(stdin, 'standard input', reading, run);
      else await run(await readDataset(dir, reading)); // checks all of it before the database is opened
    });
};

async function importInto(
  environment: CommandEnvironment,
  dir: string,
  dataset: Dataset,
  { update, retire, withoutDemo, ...options }: ImportCommandOptions,
): Promise<void> {
  const { signal, stderr } = environment;
  const config = environment.config();
  const { attributionMs } = config;
  if (withoutDemo && (await withDatabase(config, hasDemoShop)))
    await withApp(environment, (app) => removeDemo(app, environment));
  const rows = await withDatabase(config, async (database) => {
    await checkRoom(database, config.databaseUrl, dataset);
    const rows = await withProgress(environment, `Importing ${dir}`, ({ update: onProgress }) =>
      auditOf(database, stderr)('import', { dir, update, retire }, () =>
        importDataset(database, dataset, { signal, onProgress, attributionMs, update, retire }),
      ),
    );
    if (rows.newItems > 0 && (await hasDemoShop(database))) stderr.write(BESIDE_DEMO);
    return rows;
  });
  const added = { items: rows.newItems, users: rows.newUsers, interactions: rows.newInteractions };
  const { counts: read, merged, skipped, cut } = dataset;
  const { changedItems: changed, removedItems: removed } = rows;
  printResult(environment, options, { dir, read, merged, skipped, cut, added, changed, removed }, () =>
    [
      `Read     ${describe(read)}`,
      ...leftOut(dataset),
      `Added    ${describe(added)}`,
      ...(changed > 0 || update ? [`Changed  ${changed} items`] : []),
      ...(removed > 0 || retire ? [`Removed  ${removed} items`] : []),
    ].join('\n'),
  );
}

/** Trainings that have not ended learn the demo shop, and could take the place of the own shop's model. */
async function removeDemo(app: TigerApp, environment: CommandEnvironment): Promise<void> {
  const { services, trainingJobs } = app;
  const { signal, stderr } = environment;
  const { edges } = await trainingJobs.jobs({ first: 100, after: null }, null);
  for (const { node } of edges) if (node.finishedAt === null) await trainingJobs.cancel(node.id);
  const removed = await withProgress(environment, 'Removing the demo shop', ({ update: onProgress }) =>
    auditOf(services.database, stderr)('removeDemoShop', {}, () => removeDemoShop(services, { signal, onProgress })),
  );
  if (removed > 0) stderr.write(`The demo shop is gone: ${removed} items and their events.\n`);
}

function describe({ items, users, interactions }: DatasetCounts): string {
  return `${items} items, ${users} users, ${interactions} interactions`;
}

export const addExport: AddCommand = (program, environment) => {
  program
    .command('export')
    .description('write the items and histories in the database as a dataset folder')
    .argument('<dir>', 'the folder; it must not exist')
    .option(...JSON_OPTION)
    .action(async (dir: string, options: OutputOptions) => {
      const counts = await withExistingDatabase(environment.config(), (database) =>
        exportDataset(database, dir, environment.signal),
      );
      printResult(environment, options, { dir, ...counts }, () => {
        return `${dir}: ${describe(counts)}`;
      });
    });
};

export const SKIP_UNKNOWN_OPTION = [
  '--skip-unknown-items',
  'leave out events of items that the folder does not list, in place of an error',
] as const;

const LENGTHS = `title ${MAX_TITLE} characters, description ${MAX_DESCRIPTION}, brand ${MAX_NAME}, ${MAX_CATEGORIES} categories of ${MAX_NAME}`;

type LeftOut = Pick<Dataset, 'merged' | 'skipped' | 'cut'>;

/** @returns One line for each reason for which something is left out. */
export function leftOut({ merged, skipped, cut }: LeftOut): string[] {
  return [
    ...(skipped > 0 ? [`Left out ${skipped} events of unknown items`] : []),
    ...(merged > 0
      ? [`Left out ${merged} events that repeat another: the same user, item and time, or the same event id`]
      : []),
    ...(cut > 0 ? [`Cut the texts of ${cut} items to the lengths that the API takes: ${LENGTHS}`] : []),
  ];
}
