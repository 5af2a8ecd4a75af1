/** `tigerql backup` and `tigerql restore`: a copy of everything that a SQLite server keeps, and back. */
import { BackupError, type BackupManifest } from '../backup/backup-manifest';
import { createBackup } from '../backup/create-backup';
import { restoreBackup } from '../backup/restore-backup';
import { openCheckpointStore } from '../checkpoints/open-checkpoint-store';
import type { Config } from '../config';
import { packageVersion } from '../paths';
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
      const source = {
        path: placesOf(config).path,
        store: openCheckpointStore(config),
        version: packageVersion(),
      };
      const manifest = await createBackup(source, dir, environment.signal);
      for (const missing of manifest.missingCheckpoints)
        environment.stderr.write(`${missing}: expected a checkpoint, got none; the backup is without it\n`);
      printResult(environment, options, { dir, ...summaryOf(manifest) }, () => `${dir}: ${summaryText(manifest)}`);
    });
};

export const addRestore: AddCommand = (program, environment) => {
  program
    .command('restore')
    .description('put a backup in place of an empty DATABASE_URL and DATA_DIR; verifies every file first')
    .argument('<dir>', 'the folder that `backup` wrote')
    .option(...JSON_OPTION)
    .action(async (dir: string, options: OutputOptions) => {
      const places = placesOf(environment.config());
      const manifest = await restoreBackup(dir, places, environment.signal);
      printResult(
        environment,
        options,
        { ...places, ...summaryOf(manifest) },
        () => `${places.path}: ${summaryText(manifest)}`,
      );
    });
};

/** @throws {BackupError} On PostgreSQL, whose own tools make better backups. */
function placesOf({ databaseUrl, dataDir }: Config): { path: string; dataDir: string } {
  if (databaseUrl.startsWith('file:')) return { path: sqlitePath(databaseUrl), dataDir };
  throw new BackupError(
    'DATABASE_URL: expected file:…, got PostgreSQL; pg_dump and pg_restore make and restore its backups: see docs/backup.md',
  );
}

function summaryOf({ files, createdAt, version, unfinishedJobs, missingCheckpoints }: BackupManifest) {
  const bytes = Object.values(files).reduce((sum, file) => sum + file.bytes, 0);
  return { files: Object.keys(files).length, bytes, createdAt, version, unfinishedJobs, missingCheckpoints };
}

function summaryText(manifest: BackupManifest): string {
  const { files, bytes, createdAt, unfinishedJobs } = summaryOf(manifest);
  const jobs = unfinishedJobs === 0 ? '' : `; ${unfinishedJobs} unfinished training jobs start from the beginning`;
  return `${files} files, ${(bytes / 1e6).toFixed(1)} MB, as of ${createdAt}${jobs}`;
}
