/** One database that is opened twice, as two processes open it. */
import { type Database, openDatabase } from '../../src/storage/database';
import type { TestDatabase } from './database';

export interface TwoProcesses {
  opened: TestDatabase;
  /** The other process's way to the same database. */
  other: Database;
}

/** Called in a `describe`; what it returns is filled in before the first test. */
export function twoProcesses(open: () => Promise<TestDatabase>): TwoProcesses {
  const two = {} as TwoProcesses;
  beforeAll(async () => {
    two.opened = await open();
    two.other = await openDatabase(two.opened.url);
  });
  afterAll(async () => {
    await two.other.dispose();
    await two.opened.dispose();
  });
  return two;
}
