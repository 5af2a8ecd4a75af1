/** `tigerql keys`: makes, lists and revokes keys to the API. */
import { InvalidArgumentError, Option, type Command } from 'commander';

import type { ApiKeyRecord, Role } from '../../graphql/api-key/records';
import { isLongerThan } from '../../graphql/common/bounds';
import { rowOf, toGlobalId } from '../../graphql/common/global-id';
import { MAX_LABEL } from '../../graphql/common/limits';
import { ApiKeys } from '../api/api-keys';
import { parseTime } from '../datasets/event-time';
import {
  CommandError,
  JSON_OPTION,
  printResult,
  type AddCommand,
  type CommandEnvironment,
  type OutputOptions,
} from './command';
import { auditOf, type EnterMutation, throwUserErrors, withDatabase, withExistingDatabase } from './open-services';
import { formatTable } from './text-table';

interface CreateOptions extends OutputOptions {
  readonly role: Role;
  readonly expires?: Date;
}

export const addKeys: AddCommand = (program, environment) => {
  const keys = program.command('keys').description('make, list and revoke keys to the API');
  addCreate(keys, environment);
  addList(keys, environment);
  addRevoke(keys, environment);
};

function addCreate(keys: Command, environment: CommandEnvironment): void {
  keys
    .command('create')
    .description('make a key, and print its secret once')
    .argument('<name>', 'who or what uses the key', keyName)
    .addOption(
      new Option('--role <role>', 'what the key may do').choices(['READER', 'WRITER', 'ADMIN']).default('READER'),
    )
    .option('--expires <time>', 'when the key ends by itself, such as 2030-01-31; absent: never', futureTime)
    .option(...JSON_OPTION)
    .action(async (name: string, options: CreateOptions) => {
      const { role, expires } = options;
      const made = await withKeys(environment, (apiKeys, enter) =>
        enter('createApiKey', { name, role, expiresAt: expires }, () => apiKeys.create(name, role, expires)),
      );
      throwUserErrors(made.userErrors);
      const { secret, id } = { ...made, id: toGlobalId('ApiKey', made.id) };
      printResult(environment, options, { id, name, role, secret }, () =>
        [`Key ${id}, ${role}. This is the only time that it is shown; the database has its hash:`, secret].join('\n'),
      );
    });
}

function addList(keys: Command, environment: CommandEnvironment): void {
  keys
    .command('list')
    .description('print all keys, without their secrets, newest first')
    .option(...JSON_OPTION)
    .action(async (options: OutputOptions) => {
      const records = await withKeys(environment, allKeys, withExistingDatabase);
      const keys = records.map(({ id, ...key }) => ({ id: toGlobalId('ApiKey', id), ...key }));
      printResult(environment, options, { keys }, () => table(keys));
    });
}

function addRevoke(keys: Command, environment: CommandEnvironment): void {
  keys
    .command('revoke')
    .description('revoke a key: it is not accepted any more')
    .argument('<id>', "the key's id, as `keys list` prints it")
    .option(...JSON_OPTION)
    .action(async (id: string, options: OutputOptions) => {
      const row = rowOf('ApiKey', id);
      if (row === null) throw new CommandError(`id: expected the id of an API key (see keys list), got "${id}"`);
      const { apiKey } = await withKeys(
        environment,
        (apiKeys, enter) => enter('revokeApiKey', { apiKeyId: id }, () => apiKeys.revoke(row)),
        withExistingDatabase,
      );
      if (apiKey === null) throw new CommandError(`id: expected a key that is in use (see keys list), got "${id}"`);
      printResult(environment, options, { id, revoked: true }, () => `Key ${id} is revoked.`);
    });
}

/** As the API takes it. */
function keyName(text: string): string {
  if (text !== '' && !isLongerThan(text, MAX_LABEL)) return text;
  throw new InvalidArgumentError(`Expected a text of 1 to ${MAX_LABEL} characters.`);
}

function futureTime(text: string): Date {
  const time = parseTime(text);
  if (time !== null && time > Date.now()) return new Date(time);
  throw new InvalidArgumentError('Expected a time in the future, such as 2030-01-31.');
}

/** The newest ones: nobody has more. */
const MAX_LISTED = 10_000;

async function allKeys(apiKeys: ApiKeys): Promise<ApiKeyRecord[]> {
  const { edges } = await apiKeys.keys({ first: MAX_LISTED, after: null });
  return edges.map(({ node }) => node);
}

type ListedKey = Omit<ApiKeyRecord, 'id'> & { readonly id: string };

function table(keys: readonly ListedKey[]): string {
  return formatTable(
    ['id', 'name', 'prefix', 'role', 'created', 'last used', 'expires', 'revoked'],
    keys.map(({ id, name, prefix, role, createdAt, lastUsedAt, expiresAt, revokedAt }) => [
      id,
      name,
      prefix,
      role,
      ...[createdAt, lastUsedAt, expiresAt, revokedAt].map((time) => time?.toISOString().slice(0, 16) ?? null),
    ]),
  );
}

function withKeys<T>(
  { config, stderr }: CommandEnvironment,
  work: (keys: ApiKeys, enter: EnterMutation) => Promise<T>,
  open = withDatabase<T>,
): Promise<T> {
  return open(config(), (database) => work(new ApiKeys(database), auditOf(database, stderr)));
}
