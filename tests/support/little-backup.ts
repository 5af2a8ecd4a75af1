/** A SQLite shop with one checkpoint, of which backups are made. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { saveCheckpoint } from '../../models/checkpoint/checkpoint';
import type { BackupSource } from '../../src/backup/backup';
import { FolderStore } from '../../src/checkpoints/folder-store';
import { sqlitePath } from '../../src/storage/sqlite-snapshot';
import { storeFakeModel } from './catalogue';
import { openTestDatabase, type TestDatabase } from './database';

export const CHECKPOINT = `jobs/7-${'a'.repeat(32)}/checkpoint-1`;
/** A checkpoint that a version names, and that is nowhere. */
export const LOST = `jobs/8-${'b'.repeat(32)}/checkpoint-1`;

export interface LittleBackup {
  /** For the backups. */
  readonly root: string;
  readonly opened: TestDatabase;
  readonly source: BackupSource;
  /** Where the checkpoint lies. */
  readonly checkpointDir: string;
  dispose(): Promise<void>;
}

export async function openLittleBackup(): Promise<LittleBackup> {
  const root = mkdtempSync(join(tmpdir(), 'tigerql-backup-'));
  const opened = await openTestDatabase();
  const dataDir = join(root, 'data');
  const checkpointDir = join(dataDir, CHECKPOINT);
  await saveCheckpoint(checkpointDir, { tensors: {}, documents: { config: { weight: 1 }, metrics: [] } });
  await storeFakeModel(opened, { number: 1, status: 'ACTIVE', checkpointDir: CHECKPOINT });
  await storeFakeModel(opened, { number: 2, status: 'RETIRED', checkpointDir: LOST });
  return {
    root,
    opened,
    source: { path: sqlitePath(opened.url), store: new FolderStore(dataDir) },
    checkpointDir,
    async dispose() {
      await opened.dispose();
      rmSync(root, { recursive: true });
    },
  };
}
