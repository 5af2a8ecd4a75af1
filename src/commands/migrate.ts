/** `tigerql migrate`: brings the database's tables up to date. Every other command updates the tables when it opens the database. */
import { readMigrations } from '../storage/migrations';
import { JSON_OPTION, printResult, type AddCommand, type OutputOptions } from './command';
import { withDatabase } from './open-configured';

export const addMigrate: AddCommand = (program, environment) => {
  program
    .command('migrate')
    .description('make the database, or bring its tables up to date; other commands update the tables too')
    .option(...JSON_OPTION)
    .action(async (options: OutputOptions) => {
      const provider = await withDatabase(environment.config(), async (database) => database.provider);
      const migrations = readMigrations(provider).map(({ name }) => name);
      printResult(environment, options, { provider, migrations }, () =>
        [`The ${provider} database is up to date:`, ...migrations.map((name) => `  ${name}`)].join('\n'),
      );
    });
};
