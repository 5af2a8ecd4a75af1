/** One database that is opened twice, as two processes open it. */
import { type Database, openDatabase } from '../../src/storage/database';
import { openTestDatabase, type TestDatabase } from './database';
import { openTestPostgres } from './postgres';

export interface TwoProcesses {
  opened: TestDatabase;
  /** The other process's way to the same database. */
  other: Database;
}

/** Declares tests twice, of two processes on a SQLite file and on a PostgreSQL database; `two` is filled in before the first test. */
export function describeTwoProcesses(name: string, tests: (two: TwoProcesses, provider: string) => void): void {
  describe.each([
    ['sqlite', openTestDatabase],
    ['postgresql', openTestPostgres],
  ])(`${name} (%s)`, (provider, open) => {
    const two = {} as TwoProcesses;
    beforeAll(async () => {
      two.opened = await open();
      two.other = await openDatabase(two.opened.url);
    });
    afterAll(async () => {
      await two.other.dispose();
      await two.opened.dispose();
    });
    tests(two, provider);
  });
}
