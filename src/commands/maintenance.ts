/** `tigerql migrate`, `prune` and `erase`: the tables up to date, old model versions and users removed. */
import { InvalidArgumentError } from 'commander';

import { isLongerThan } from '../../graphql/common/bounds';
import { MAX_BATCH, MAX_ID } from '../../graphql/common/limits';
import { isStorableText } from '../../graphql/common/storable-text';
import type { ErasedUsersRecord } from '../../graphql/user/records';
import { chunksOf } from '../../models/math/arrays';
import { forgetAuditedUsers } from '../api/audit-log';
import { eraseUsers } from '../catalogue/user-erasures';
import { openCheckpointStore } from '../checkpoints/open-checkpoint-store';
import type { Database } from '../storage/database';
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
      printResult(environment, options, pruned, () => prunedText(pruned));
    });
};

function prunedText({ versions, tokenizers }: Pruned): string {
  if (versions.length === 0) return 'There was no version to remove.';
  return `Removed ${versions.length} versions (${versions.join(', ')}), and the semantic IDs of ${tokenizers} tokenizers.`;
}

type Erased = Omit<ErasedUsersRecord, 'userErrors'>;

export const addErase: AddCommand = (program, environment) => {
  program
    .command('erase')
    .description('delete users with all their interactions, for good; it asks nothing, and can be repeated')
    .argument('<user...>', "the users' external ids", withUser)
    .option(...JSON_OPTION)
    .action(async (users: readonly string[], options: OutputOptions) => {
      const { signal, stderr } = environment;
      const erased = await withExistingDatabase(environment.config(), (database) =>
        auditOf(database, stderr)('eraseUsers', { userExternalIds: users }, () => erase(database, users, signal)),
      );
      printResult(environment, options, erased, () => erasedText(erased));
    });
};

/** As the API takes it. */
function withUser(text: string, before: readonly string[] = []): readonly string[] {
  if (text !== '' && !isLongerThan(text, MAX_ID) && isStorableText(text)) return [...before, text];
  throw new InvalidArgumentError(`Expected a text of 1 to ${MAX_ID} characters.`);
}

/** Servers notice it as they notice interactions of other processes. */
async function erase(database: Database, users: readonly string[], signal: AbortSignal): Promise<Erased> {
  const services = { database, onInteractions: () => Promise.resolve() };
  const parts: Erased[] = [];
  for (const some of chunksOf([...new Set(users)], MAX_BATCH)) {
    parts.push(await eraseUsers(services, some, signal));
    await forgetAuditedUsers(database, [...some, ...parts[parts.length - 1].erasedExternalIds]);
  }
  return {
    erasedExternalIds: parts.flatMap(({ erasedExternalIds }) => erasedExternalIds),
    unknownExternalIds: parts.flatMap(({ unknownExternalIds }) => unknownExternalIds),
    erasedInteractions: parts.reduce((sum, { erasedInteractions }) => sum + erasedInteractions, 0),
  };
}

function erasedText({ erasedExternalIds, unknownExternalIds, erasedInteractions }: Erased): string {
  const erased = `Erased ${erasedExternalIds.length} users with ${erasedInteractions} interactions.`;
  if (unknownExternalIds.length === 0) return erased;
  return `${erased} No user has the id ${unknownExternalIds.map((id) => JSON.stringify(id)).join(', ')}.`;
}
