/**
 * The hot path: the queries of every request. They do not use Prisma, which takes ten times as long to plan such a query and
 * to map its rows as the database takes to answer it.
 */
import Libsql from 'libsql';
import { types } from 'pg';

import { messageOf } from '../message-of';
import { DatabaseError } from './database-error';
import type { RetryingPool } from './postgresql-pool';

/** Values in the order of the query's columns. Times (ISO 8601) and JSON are text. */
export type Row = readonly unknown[];

/** How many connections of a pool are in use, how many are free, and how many queries wait for one. */
export interface PoolConnections {
  readonly used: number;
  readonly idle: number;
  readonly waiting: number;
}

/** For reading only. It never sees what a transaction has not committed yet. */
export interface HotPathQueries {
  /**
   * @param sql - Ends before the list of values: `SELECT … WHERE "id" IN`. Pass constants: each statement is kept.
   * @param values - All numbers or all texts.
   * @returns The rows, in any order.
   */
  rowsIn(sql: string, values: readonly number[] | readonly string[]): Promise<readonly Row[]>;
  /** Null: the database has no pool of connections. */
  connections(): PoolConnections | null;
  dispose(): Promise<void>;
}

/** @param path - A file that exists, with its tables. */
export function hotPathSqlite(path: string): HotPathQueries {
  const connection = new Libsql(path);
  connection.pragma('query_only = ON');
  const prepared = new Map<string, Libsql.Statement<unknown[]>>();
  const prepare = (sql: string) => {
    const statement = connection.prepare(`${sql} (SELECT value FROM json_each(?))`).raw();
    prepared.set(sql, statement);
    return statement;
  };
  return {
    async rowsIn(sql, values) {
      if (values.length === 0) return [];
      try {
        return (prepared.get(sql) ?? prepare(sql)).all(JSON.stringify(values)) as Row[];
      } catch (error) {
        throw asDatabaseError(error);
      }
    },
    connections: () => null,
    dispose: async () => void connection.close(),
  };
}

/** @param pool - Ends when these queries are disposed. */
export function hotPathPostgresql(pool: RetryingPool): HotPathQueries {
  return {
    async rowsIn(sql, values) {
      if (values.length === 0) return []; // of no type
      const type = typeof values[0] === 'number' ? 'INTEGER' : 'TEXT';
      const text = `${sql} (SELECT unnest(CAST($1 AS ${type}[])))`;
      const query = { text, values: [values], rowMode: 'array' as const, types: { getTypeParser } };
      const { rows } = await pool.query<unknown[]>(query).catch((error: unknown) => {
        throw asDatabaseError(error);
      });
      return rows;
    },
    connections: () => ({
      used: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    dispose: () => pool.end(),
  };
}

/** The statements are constants that the tests run, so an error is the database's. */
function asDatabaseError(error: unknown): DatabaseError {
  return new DatabaseError(`database: expected an answer, got ${messageOf(error)}`, { cause: error });
}

/** Gives values as SQLite does. The driver would take a time without a zone for local time. */
const PARSERS: ReadonlyMap<number, (text: string) => unknown> = new Map([
  [types.builtins.TIMESTAMP, (text: string) => `${text.replace(' ', 'T')}Z`],
  [types.builtins.JSONB, (text: string) => text],
]);

const getTypeParser: typeof types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  PARSERS.get(oid) ?? types.getTypeParser(oid, format as 'text');
