/** `tigerql migrate` and `prune`: the tables up to date, old model versions removed. */
import { openCheckpointStore } from '../checkpoints/open-checkpoint-store';
import { readMigrations } from '../storage/migrations';
import { type Pruned, pruneModels, sweepFiles } from '../training/removal';
import { type AddCommand, JSON_OPTION, type OutputOptions, printResult, wholeNumber } from './command';
import { auditOf, withDatabase, withExistingDatabase } from './open-services';

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

interface PruneOptions extends OutputOptions {
  readonly keep: number;
}

export const addPrune: AddCommand = (program, environment) => {
  program
    .command('prune')
    .description('remove old model versions for good, with their semantic IDs and files; those in use stay')
    .requiredOption('--keep <n>', 'how many of those that are not in use stay, the newest', wholeNumber(1, 1_000_000))
    .option(...JSON_OPTION)
    .action(async ({ keep, ...options }: PruneOptions) => {
      const config = environment.config();
      const pruned = await withExistingDatabase(config, async (database) => {
        const removed = await auditOf(database, environment.stderr)('prune', { keep }, () =>
          pruneModels(database, keep),
        );
        await sweepFiles(database, openCheckpointStore(config), config.dataDir);
        return removed;
      });
      printResult(environment, options, pruned, () => prunedText(pruned));
    });
};

function prunedText({ versions, tokenizers }: Pruned): string {
  if (versions.length === 0) return 'There was no version to remove.';
  return `Removed ${versions.length} versions (${versions.join(', ')}), and the semantic IDs of ${tokenizers} tokenizers.`;
}
