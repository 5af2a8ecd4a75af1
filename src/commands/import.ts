/** `tigerql import`: loads a dataset folder into the database. */
import { importDataset } from '../datasets/import-dataset';
import { readDataset } from '../datasets/read-dataset';
import { auditOf } from './audit';
import { JSON_OPTION, printResult, withProgress, type AddCommand, type OutputOptions } from './command';
import { openConfigured } from './open-configured';

export const addImport: AddCommand = (program, environment) => {
  program
    .command('import')
    .description('load a dataset folder into the database; rows that are there already stay as they are')
    .argument('<dir>', 'items.jsonl with sequences.txt, or items.csv with events.csv or events.csv.gz')
    .option(...JSON_OPTION)
    .action(async (dir: string, options: OutputOptions) => {
      const dataset = await readDataset(dir); // checks all of it before the database is opened
      const database = await openConfigured(environment.config());
      try {
        const { newItems, newUsers, newInteractions } = await withProgress(
          environment,
          `Importing ${dir}`,
          ({ update: onProgress }) =>
            auditOf(database, environment.stderr)('import', { dir }, () =>
              importDataset(database, dataset, { signal: environment.signal, onProgress }),
            ),
        );
        const added = { items: newItems, users: newUsers, interactions: newInteractions };
        printResult(environment, options, { dir, read: dataset.counts, added }, () =>
          [`Read   ${describe(dataset.counts)}`, `Added  ${describe(added)}`].join('\n'),
        );
      } finally {
        await database.dispose();
      }
    });
};

function describe({ items, users, interactions }: { items: number; users: number; interactions: number }): string {
  return `${items} items, ${users} users, ${interactions} interactions`;
}
