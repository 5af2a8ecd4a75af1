import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { DatabaseError } from '../../../src/storage/database-error';
import { readMigrations } from '../../../src/storage/migrations';
import { readSnapshot, snapshotSqlite, sqlitePath } from '../../../src/storage/sqlite-snapshot';
import { storeFakeModel, storeTrainingJob } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { temporaryFolder } from '../../support/temporary-folder';

describe('a snapshot', () => {
  let opened: TestDatabase;
  let dir: string;
  let target: string;
  beforeEach(async () => {
    opened = await openTestDatabase();
    dir = join(temporaryFolder(), "sh'ot");
    mkdirSync(dir);
    target = join(dir, 'copy.db');
  });
  afterEach(() => opened.dispose());

  it('has what was committed when it was made, and says which files belong to it', async () => {
    const { database } = opened;
    await storeFakeModel(opened, { number: 1, status: 'TRAINED', checkpointDir: 'jobs/1/checkpoint' });
    for (const status of ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED']) await storeTrainingJob(database, { status });
    snapshotSqlite(sqlitePath(opened.url), target);
    await database.write((transaction) => transaction.trainingJob.deleteMany());
    expect(readSnapshot(target)).toEqual({
      migrations: readMigrations('sqlite').map(({ name }) => name),
      checkpointDirs: ['jobs/1/checkpoint'],
      unfinishedJobs: 2,
    });
  });

  it('is not made where there is no database, or where a file lies already', () => {
    expect(() => snapshotSqlite(join(dir, 'none.db'), target)).toThrow(DatabaseError);
    writeFileSync(target, 'in the way');
    expect(() => snapshotSqlite(sqlitePath(opened.url), target)).toThrow(/expected a copy at/);
  });

  it('is refused when it is damaged, or no database of ours', () => {
    snapshotSqlite(sqlitePath(opened.url), target);
    truncateSync(target, 8_192);
    expect(() => readSnapshot(target)).toThrow(DatabaseError);
    writeFileSync(target, 'something else entirely, and no database');
    expect(() => readSnapshot(target)).toThrow(/expected a whole database/);
  });
});
