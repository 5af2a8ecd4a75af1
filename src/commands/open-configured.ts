/** The database that the configuration names, for as long as a command needs it. */
import type { Config } from '../config';
import { type Database, openDatabase } from '../storage/database';

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
