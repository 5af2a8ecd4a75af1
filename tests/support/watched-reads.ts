/** A way to a database for reading, beside the one under test, that notes each statement and how many rows it gave. */
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';

import { PrismaClient as PostgresqlClient } from '../../prisma/generated/postgresql/client';
import { PrismaClient } from '../../prisma/generated/sqlite/client';
import { sqliteAdapter } from '../../src/storage/sqlite-adapter';
import { sqlitePath } from '../../src/storage/sqlite-snapshot';

export interface Statement {
  readonly sql: string;
  readonly args: readonly unknown[];
  readonly rows: number;
}

export interface WatchedReads {
  readonly client: PrismaClient;
  /** Oldest first. Empty it to begin anew. */
  readonly statements: Statement[];
  /** @returns How the database would carry out a statement, in its own words. */
  planOf(statement: Statement): Promise<string>;
}

/** @param url - Of a database with its tables. */
export function watchedReads(url: string): WatchedReads {
  const statements: Statement[] = [];
  const isSqlite = url.startsWith('file:');
  const factory = isSqlite ? sqliteAdapter(sqlitePath(url)) : new PrismaPg({ connectionString: url });
  const connect = async () => watched(await factory.connect(), statements);
  const adapter = { provider: factory.provider, adapterName: factory.adapterName, connect };
  const Client = isSqlite ? PrismaClient : (PostgresqlClient as unknown as typeof PrismaClient);
  const client = new Client({ adapter });
  const explain = isSqlite ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN';
  const planOf = async ({ sql, args }: Statement) =>
    JSON.stringify(await client.$queryRawUnsafe(`${explain} ${sql}`, ...args));
  return { client, statements, planOf };
}

function watched(connection: SqlDriverAdapter, statements: Statement[]): SqlDriverAdapter {
  const queryRaw = connection.queryRaw.bind(connection);
  return Object.assign(connection, {
    async queryRaw(query: Parameters<typeof queryRaw>[0]) {
      const answer = await queryRaw(query);
      statements.push({ sql: query.sql, args: query.args, rows: answer.rows.length });
      return answer;
    },
  });
}
