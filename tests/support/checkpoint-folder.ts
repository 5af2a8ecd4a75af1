/** A folder with an empty checkpoint, for trainings that are only played. */
import { join } from 'node:path';

import { saveCheckpoint } from '../../models/checkpoint/checkpoint';
import { temporaryFolder } from './temporary-folder';

export interface CheckpointFolder {
  /** A DATA_DIR of its own. */
  readonly dataDir: string;
  readonly checkpointDir: string;
}

export async function openCheckpointFolder(dataDir = temporaryFolder()): Promise<CheckpointFolder> {
  const checkpointDir = join(dataDir, 'played', 'checkpoint');
  await saveCheckpoint(checkpointDir, { tensors: {}, documents: { metrics: [] } });
  return { dataDir, checkpointDir };
}

/** Opens one for the tests of this file. Use what it returns inside of tests only. */
export function useCheckpointFolder(): CheckpointFolder {
  const dataDir = temporaryFolder();
  beforeAll(() => openCheckpointFolder(dataDir));
  return { dataDir, checkpointDir: join(dataDir, 'played', 'checkpoint') };
}
