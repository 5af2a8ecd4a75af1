/** `tigerql import`: loads a dataset folder into the database. */
import type { ReadOptions } from '../datasets/dataset';
import { hasDemoShop } from '../datasets/demo-shop';
import { importDataset } from '../datasets/import-dataset';
import { readDataset } from '../datasets/read-dataset';
import { auditOf } from './audit';
import { JSON_OPTION, printResult, withProgress, type AddCommand, type OutputOptions } from './command';
import { leftOut, SKIP_UNKNOWN_OPTION } from './left-out';
import { withDatabase } from './open-configured';

const BESIDE_DEMO =
  'The demo shop is in this database too, and lists can have its items: for your shop alone, import into an empty database\n';

interface ImportCommandOptions extends OutputOptions, ReadOptions {}

export const addImport: AddCommand = (program, environment) => {
  program
    .command('import')
    .description('load a dataset folder into the database; rows that are there already stay as they are')
    .argument('<dir>', 'items.jsonl with sequences.txt, or items.csv with events.csv; the files may be gzipped')
    .option(...SKIP_UNKNOWN_OPTION)
    .option(...JSON_OPTION)
    .action(async (dir: string, options: ImportCommandOptions) => {
      const { signal, stderr } = environment;
      const dataset = await readDataset(dir, { ...options, signal }); // checks all of it before the database is opened
      const { newItems, newUsers, newInteractions } = await withDatabase(environment.config(), async (database) => {
        const rows = await withProgress(environment, `Importing ${dir}`, ({ update: onProgress }) =>
          auditOf(database, stderr)('import', { dir }, () => importDataset(database, dataset, { signal, onProgress })),
        );
        if (rows.newItems > 0 && (await hasDemoShop(database))) stderr.write(BESIDE_DEMO);
        return rows;
      });
      const added = { items: newItems, users: newUsers, interactions: newInteractions };
      const { counts: read, merged, skipped, embeddings, cut } = dataset;
      printResult(environment, options, { dir, read, merged, skipped, embeddings, cut, added }, () =>
        [`Read   ${describe(read)}`, ...leftOut(dataset), `Added  ${describe(added)}`].join('\n'),
      );
    });
};

function describe({ items, users, interactions }: { items: number; users: number; interactions: number }): string {
  return `${items} items, ${users} users, ${interactions} interactions`;
}
