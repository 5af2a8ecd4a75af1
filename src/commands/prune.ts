/** `tigerql prune`: removes old model versions. */
import { openCheckpointStore } from '../checkpoints/open-checkpoint-store';
import { type Pruned, pruneModels, sweepFiles } from '../training/removal';
import { auditOf } from './audit';
import { JSON_OPTION, printResult, wholeNumber, type AddCommand, type OutputOptions } from './command';
import { withExistingDatabase } from './open-configured';

interface PruneOptions extends OutputOptions {
  readonly keep: number;
}

export const addPrune: AddCommand = (program, environment) => {
  program
    .command('prune')
    .description('remove old model versions for good, with their semantic IDs and files; the active one stays')
    .requiredOption('--keep <n>', 'how many of those that are not active stay, the newest', wholeNumber(1, 1_000_000))
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
      printResult(environment, options, pruned, () => textOf(pruned));
    });
};

function textOf({ versions, tokenizers }: Pruned): string {
  if (versions.length === 0) return 'There was no version to remove.';
  return `Removed ${versions.length} versions (${versions.join(', ')}), and the semantic IDs of ${tokenizers} tokenizers.`;
}
