/** Opens the database that the configuration names. */
import type { Config } from '../config';
import { type Database, openDatabase } from '../storage/database';

export function openConfigured({ databaseUrl, database }: Config): Promise<Database> {
  return openDatabase(databaseUrl, database);
}
