/** The database or the app for as long as a command needs it, and the audit log of what the command changes. */
import { shortInput } from '../../graphql/audit/audit-mutations';
import type { UserErrorRecord } from '../../graphql/common/records';
import { AuditLog } from '../api/audit-log';
import { createApp, type TigerApp } from '../app';
import type { Config } from '../config';
import { type Database, openDatabase } from '../storage/database';
import { checkExists, sqlitePath } from '../storage/sqlite-snapshot';
import { type CommandEnvironment, CommandError } from './command';

/** A SQLite file that is missing is made. */
export async function withDatabase<T>(
  { databaseUrl, database: settings }: Config,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(databaseUrl, settings);
  try {
    return await work(database);
  } finally {
    await database.dispose();
  }
}

/**
 * For commands that make no sense on a new database.
 *
 * @throws {DatabaseError} When there is no such SQLite file: the name is wrong, or the working directory.
 */
export function withExistingDatabase<T>(config: Config, work: (database: Database) => Promise<T>): Promise<T> {
  checkDatabaseExists(config);
  return withDatabase(config, work);
}

/** @throws {DatabaseError} When there is no such SQLite file. Whether a PostgreSQL database exists, opening it tells. */
export function checkDatabaseExists({ databaseUrl }: Pick<Config, 'databaseUrl'>): void {
  if (databaseUrl.startsWith('file:')) checkExists(sqlitePath(databaseUrl));
}

export async function withApp<T>({ config }: CommandEnvironment, work: (app: TigerApp) => Promise<T>): Promise<T> {
  const { logLevel, ...rest } = config();
  checkDatabaseExists(rest);
  // A command does not need the server's start messages. Access is open, because this process can read the database anyway. What a
  // command starts, it does itself.
  const app = await createApp({
    ...rest,
    logLevel: logLevel === 'info' ? 'warn' : logLevel,
    readAccess: 'open',
    role: 'command',
  });
  try {
    return await work(app);
  } finally {
    await app.dispose();
  }
}

/** @throws {CommandError} When there are errors; its message has the messages of all of them. */
export function throwUserErrors(userErrors: readonly UserErrorRecord[]): void {
  if (userErrors.length > 0) throw new CommandError(userErrors.map(({ message }) => message).join('; '));
}

/** Caller name in the audit log. */
const AT_COMMAND_LINE = { role: 'ADMIN', caller: 'command line', apiKeyId: null } as const;

/** Runs a change, and stores its entry with it. */
export type EnterMutation = <T>(mutation: string, input: object, run: () => Promise<T>) => Promise<T>;

export function auditOf(database: Database, stderr: NodeJS.WritableStream): EnterMutation {
  const onFailure = (error: unknown) => stderr.write(`The audit log could not be written: ${String(error)}\n`);
  return enterInto(new AuditLog({ database, onFailure }));
}

export function enterInto(log: Pick<AuditLog, 'enter'>): EnterMutation {
  return (mutation, input, run) => log.enter({ ...AT_COMMAND_LINE, mutation, input: shortInput(input) }, run);
}
