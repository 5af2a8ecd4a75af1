/** `tigerql erase`: erases users, as the mutation `eraseUsers` does. */
import { InvalidArgumentError } from 'commander';

import { isLongerThan } from '../../graphql/common/bounds';
import { MAX_BATCH, MAX_ID } from '../../graphql/common/limits';
import type { ErasedUsersRecord } from '../../graphql/user/records';
import { chunksOf } from '../../models/math/arrays';
import { forgetAuditedUsers } from '../api/audited-users';
import { eraseUsers } from '../catalogue/user-erasures';
import type { Database } from '../storage/database';
import { isStorableText } from '../storage/storable-text';
import { auditOf } from './audit';
import { JSON_OPTION, printResult, type AddCommand, type OutputOptions } from './command';
import { withExistingDatabase } from './open-configured';

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
      printResult(environment, options, erased, () => textOf(erased));
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
    await forgetAuditedUsers(database, some);
  }
  return {
    erasedExternalIds: parts.flatMap(({ erasedExternalIds }) => erasedExternalIds),
    unknownExternalIds: parts.flatMap(({ unknownExternalIds }) => unknownExternalIds),
    erasedInteractions: parts.reduce((sum, { erasedInteractions }) => sum + erasedInteractions, 0),
  };
}

function textOf({ erasedExternalIds, unknownExternalIds, erasedInteractions }: Erased): string {
  const erased = `Erased ${erasedExternalIds.length} users with ${erasedInteractions} interactions.`;
  if (unknownExternalIds.length === 0) return erased;
  return `${erased} No user has the id ${unknownExternalIds.map((id) => JSON.stringify(id)).join(', ')}.`;
}
