/** A folder with an empty checkpoint, for trainings that are only played. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { saveCheckpoint } from '../../models/checkpoint/checkpoint';

export interface CheckpointFolder {
  /** A DATA_DIR of its own. */
  readonly dataDir: string;
  readonly checkpointDir: string;
  dispose(): void;
}

export async function openCheckpointFolder(): Promise<CheckpointFolder> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tigerql-data-'));
  const checkpointDir = join(dataDir, 'played', 'checkpoint');
  await saveCheckpoint(checkpointDir, { tensors: {}, documents: { metrics: [] } });
  return { dataDir, checkpointDir, dispose: () => rmSync(dataDir, { recursive: true, force: true }) };
}

/** Opens one for the tests of this file, and removes it after them. Use what it returns inside of tests only. */
export function useCheckpointFolder(): Omit<CheckpointFolder, 'dispose'> {
  let files: CheckpointFolder;
  beforeAll(async () => (files = await openCheckpointFolder()));
  afterAll(() => files.dispose());
  return {
    get dataDir() {
      return files.dataDir;
    },
    get checkpointDir() {
      return files.checkpointDir;
    },
  };
}
