/** A way to a SQLite file for reading, beside the one under test, that notes each statement and how many rows it gave. */
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';

import { PrismaClient } from '../../prisma/generated/sqlite/client';
import { sqliteAdapter } from '../../src/storage/sqlite-adapter';
import { sqlitePath } from '../../src/storage/sqlite-snapshot';

export interface Statement {
  readonly sql: string;
  readonly rows: number;
}

export interface WatchedReads {
  readonly client: PrismaClient;
  /** Oldest first. Empty it to begin anew. */
  readonly statements: Statement[];
}

/** @param url - Of a file with its tables. */
export function watchedReads(url: string): WatchedReads {
  const statements: Statement[] = [];
  const factory = sqliteAdapter(sqlitePath(url));
  const connect = async () => watched(await factory.connect(), statements);
  const adapter = { provider: factory.provider, adapterName: factory.adapterName, connect };
  return { client: new PrismaClient({ adapter }), statements };
}

function watched(connection: SqlDriverAdapter, statements: Statement[]): SqlDriverAdapter {
  const queryRaw = connection.queryRaw.bind(connection);
  return Object.assign(connection, {
    async queryRaw(query: Parameters<typeof queryRaw>[0]) {
      const answer = await queryRaw(query);
      statements.push({ sql: query.sql, rows: answer.rows.length });
      return answer;
    },
  });
}
