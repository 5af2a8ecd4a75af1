/** `tigerql export`: writes the items and histories of the database as a dataset folder, for `evaluate`, `import` or other tools. */
import { exportDataset } from '../datasets/export-dataset';
import { JSON_OPTION, printResult, type AddCommand, type OutputOptions } from './command';
import { withExistingDatabase } from './open-configured';

export const addExport: AddCommand = (program, environment) => {
  program
    .command('export')
    .description('write the items and histories in the database as a dataset folder')
    .argument('<dir>', 'the folder; it is made when it is missing, and no file is overwritten')
    .option(...JSON_OPTION)
    .action(async (dir: string, options: OutputOptions) => {
      const counts = await withExistingDatabase(environment.config(), (database) =>
        exportDataset(database, dir, environment.signal),
      );
      printResult(environment, options, { dir, ...counts }, () => {
        const { items, users, interactions, stray } = counts;
        const left = stray === 0 ? '' : `; left out ${stray} interactions whose item or user is not in the database`;
        return `${dir}: ${items} items, ${users} users, ${interactions} interactions${left}`;
      });
    });
};
