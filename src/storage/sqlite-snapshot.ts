/** A consistent copy of a SQLite file, made while others write to it, and what its rows tell. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import Libsql from 'libsql';

import { DatabaseError, reasonOf } from './database-error';

/** Facts that a snapshot's rows tell of files beside the database. */
export interface SnapshotContents {
  readonly migrations: readonly string[];
  /** Keys of the checkpoint store. */
  readonly checkpointDirs: readonly string[];
  /** Jobs that wait or run. */
  readonly unfinishedJobs: number;
}

/** @returns The path of the file that a `file:` address names. */
export function sqlitePath(url: string): string {
  return resolve(url.slice('file:'.length).replace(/\?.*$/, ''));
}

/** @throws {DatabaseError} When there is no such file. Opening one that is missing would make it. */
export function checkExists(path: string): void {
  if (existsSync(path)) return;
  throw new DatabaseError(`SQLite file ${path}: expected a database (see DATABASE_URL), got none`);
}

function withConnection<T>(path: string, work: (connection: Libsql.Database) => T): T {
  const connection = new Libsql(path, { timeout: 30_000 });
  try {
    return work(connection);
  } finally {
    connection.close();
  }
}

function textsOf(connection: Libsql.Database, sql: string): string[] {
  const rows = connection.prepare(sql).raw().all() as unknown[][];
  return rows.map(([text]) => String(text));
}

/**
 * Copies the database as it is at one moment. Writers go on meanwhile: in WAL mode a reader keeps nobody from writing.
 *
 * It blocks this process's event loop until the copy is done, so it is for a process of its own.
 *
 * @param target - A file that does not exist.
 * @throws {DatabaseError} When there is no database at `path`, or when it cannot be read or the copy not be written.
 */
export function snapshotSqlite(path: string, target: string): void {
  checkExists(path);
  try {
    withConnection(path, (connection) => connection.exec(`VACUUM INTO '${target.replaceAll("'", "''")}'`));
  } catch (error) {
    throw new DatabaseError(`SQLite file ${path}: expected a copy at ${target}, got ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** @throws {DatabaseError} When the snapshot is no whole database of ours. */
export function readSnapshot(path: string): SnapshotContents {
  try {
    return withConnection(path, contentsOf);
  } catch (error) {
    throw new DatabaseError(`SQLite file ${path}: expected a whole database, got ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

function contentsOf(connection: Libsql.Database): SnapshotContents {
  const texts = (sql: string) => textsOf(connection, sql);
  const verdict = texts('PRAGMA integrity_check').join('; ');
  if (verdict !== 'ok') throw new Error(verdict);
  return {
    migrations: texts('SELECT "migration_name" FROM "_prisma_migrations" ORDER BY "migration_name"'),
    checkpointDirs: texts('SELECT "checkpointDir" FROM "ModelVersion" UNION SELECT "checkpointDir" FROM "Tokenizer"'),
    unfinishedJobs: texts(`SELECT "id" FROM "TrainingJob" WHERE "status" IN ('QUEUED', 'RUNNING')`).length,
  };
}
