/** A database whose reads and transactions are spans of the request's trace. */
import type { Config } from '../config';
import type { Logger } from '../logger';
import { traced } from '../tracing';
import { type Database, openDatabase } from './database';

/** Opens the database, traced where traces are on. */
export async function openTracedDatabase(config: Config, logger: Pick<Logger, 'warn'>): Promise<Database> {
  const database = await openDatabase(config.databaseUrl, config.database, (message) => logger.warn(message));
  return config.traceEndpoint === undefined ? database : tracedDatabase(database);
}

export function tracedDatabase(database: Database): Database {
  const { hotPath } = database;
  return {
    ...database,
    read: tracedReads(database.read),
    hotPath: {
      ...hotPath,
      rowsIn: (sql, values) =>
        traced('database read', () => hotPath.rowsIn(sql, values), {
          'db.system': database.provider,
          'db.collection.name': /FROM "(\w+)"/.exec(sql)?.[1],
        }),
    },
    write: (work) => traced('database write', () => database.write(work), { 'db.system': database.provider }),
  };
}

function tracedReads(read: Database['read']): Database['read'] {
  const extended = read.$extends({
    query: {
      $allOperations: ({ model, operation, args, query }) =>
        traced('database read', () => query(args), { 'db.collection.name': model, 'db.operation.name': operation }),
    },
  });
  // An extended client has the methods of the plain one that are used here.
  return extended as unknown as Database['read'];
}
