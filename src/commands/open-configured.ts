/** The database that the configuration names, for as long as a command needs it. */
import type { Config } from '../config';
import { createLogger } from '../logger';
import { type Database, openDatabase } from '../storage/database';
import { checkExists, sqlitePath } from '../storage/sqlite-snapshot';

/** A SQLite file that is missing is made. */
export async function withDatabase<T>(
  { databaseUrl, database: settings, logLevel }: Config,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const logger = createLogger(logLevel);
  const database = await openDatabase(databaseUrl, settings, (message) => logger.warn(message));
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
