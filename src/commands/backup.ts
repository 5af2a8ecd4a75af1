/** `tigerql backup` and `tigerql restore`: a copy of everything that a SQLite server keeps, and back. */
import { BackupError, type BackupSummary, createBackup, restoreBackup } from '../backup/backup';
import { openCheckpointStore } from '../checkpoints/open-checkpoint-store';
import type { Config } from '../config';
import { sqlitePath } from '../storage/sqlite-snapshot';
import { JSON_OPTION, printResult, type AddCommand, type OutputOptions } from './command';

export const addBackup: AddCommand = (program, environment) => {
  program
    .command('backup')
    .description('copy the database and its checkpoints into a folder; a server may run meanwhile')
    .argument('<dir>', 'the folder; it must not exist')
    .option(...JSON_OPTION)
    .action(async (dir: string, options: OutputOptions) => {
      const config = environment.config();
      const source = { path: placesOf(config).path, store: openCheckpointStore(config) };
      const summary = await createBackup(source, dir, environment.signal);
      for (const missing of summary.missingCheckpoints)
        environment.stderr.write(`${missing}: expected a checkpoint, got none; the backup is without it\n`);
      printResult(environment, options, { dir, ...summary }, () => `${dir}: ${textOf(summary)}`);
    });
};

export const addRestore: AddCommand = (program, environment) => {
  program
    .command('restore')
    .description('put a backup in place of an empty DATABASE_URL and DATA_DIR; verifies all of it')
    .argument('<dir>', 'the folder that `backup` wrote')
    .option(...JSON_OPTION)
    .action(async (dir: string, options: OutputOptions) => {
      const places = placesOf(environment.config());
      const summary = await restoreBackup(dir, places, environment.signal);
      printResult(environment, options, { ...places, ...summary }, () => `${places.path}: ${textOf(summary)}`);
    });
};

/** @throws {BackupError} On PostgreSQL, whose own tools make better backups. */
function placesOf({ databaseUrl, dataDir }: Config): { path: string; dataDir: string } {
  if (databaseUrl.startsWith('file:')) return { path: sqlitePath(databaseUrl), dataDir };
  throw new BackupError(
    'DATABASE_URL: expected file:…, got PostgreSQL; pg_dump and pg_restore make and restore its backups: see docs/backup.md',
  );
}

function textOf({ checkpoints, unfinishedJobs }: BackupSummary): string {
  const jobs = unfinishedJobs === 0 ? '' : `; ${unfinishedJobs} unfinished training jobs start from the beginning`;
  return `the database and ${checkpoints} checkpoints${jobs}`;
}
