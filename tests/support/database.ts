/** A database of its own for one test file: a real SQLite file, or a database on a real PostgreSQL. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Database, openDatabase } from '../../src/storage/database';
import { madeOnce } from './made-once';
import { useOpened } from './use-opened';

export interface TestDatabase {
  readonly database: Database;
  readonly url: string;
  dispose(): Promise<void>;
}

/** Opens a new, empty, migrated SQLite file in the system's folder for temporary files. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const migrated = await madeOnce('sqlite', async (dir) =>
    (await openDatabase(`file:${join(dir, 'test.db')}`)).dispose(),
  );
  const folder = mkdtempSync(join(tmpdir(), 'tigerql-test-'));
  cpSync(migrated, folder, { recursive: true });
  const url = `file:${join(folder, 'test.db')}`;
  const database = await openDatabase(url);
  return {
    database,
    url,
    async dispose() {
      await database.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Opens one for the tests of the file or `describe` that calls it, and removes it after them. Use what it returns inside of tests only. */
export const useTestDatabase = (open: () => Promise<TestDatabase> = openTestDatabase): TestDatabase => useOpened(open);
