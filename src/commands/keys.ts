/** `tigerql keys`: makes and revokes keys to the API. */
import { Option, type Command } from 'commander';

import type { Role } from '../../graphql/api-key/records';
import { ApiKeys } from '../api/api-keys';
import { openDatabase } from '../storage/database';
import {
  JSON_OPTION,
  printResult,
  wholeNumber,
  type AddCommand,
  type CommandEnvironment,
  type OutputOptions,
} from './command';
import { throwUserErrors } from './with-app';

interface CreateOptions extends OutputOptions {
  readonly role: Role;
}

export const addKeys: AddCommand = (program, environment) => {
  const keys = program.command('keys').description('make and revoke keys to the API');
  addCreate(keys, environment);
  addRevoke(keys, environment);
};

function addCreate(keys: Command, environment: CommandEnvironment): void {
  keys
    .command('create <name>')
    .description('make a key, and print its secret once')
    .addOption(
      new Option('--role <role>', 'what the key may do').choices(['READER', 'WRITER', 'ADMIN']).default('READER'),
    )
    .option(...JSON_OPTION)
    .action(async (name: string, options: CreateOptions) => {
      const { id, secret, userErrors } = await withKeys(environment, (apiKeys) => apiKeys.create(name, options.role));
      throwUserErrors(userErrors);
      printResult(environment, options, { id, name, role: options.role, secret }, () =>
        [`Key ${id}, ${options.role}. This is the only time that it is shown; the database has its hash:`, secret].join(
          '\n',
        ),
      );
    });
}

function addRevoke(keys: Command, environment: CommandEnvironment): void {
  keys
    .command('revoke')
    .description('revoke a key: it is not accepted any more')
    .argument('<id>', "the key's number", wholeNumber(1, 2 ** 31 - 1))
    .option(...JSON_OPTION)
    .action(async (id: number, options: OutputOptions) => {
      const { revoked, userErrors } = await withKeys(environment, (apiKeys) => apiKeys.revoke(id));
      throwUserErrors(userErrors);
      printResult(environment, options, { id, revoked }, () => `Key ${id} is revoked.`);
    });
}

async function withKeys<T>({ config }: CommandEnvironment, work: (keys: ApiKeys) => Promise<T>): Promise<T> {
  const database = await openDatabase(config().databaseUrl);
  try {
    return await work(new ApiKeys(database));
  } finally {
    await database.dispose();
  }
}
