/** Opens the checkpoint store that the configuration names. */
import { type Config, ConfigError } from '../config';
import { ChunkBlobs } from '../storage/chunk-blobs';
import { BlobStore } from './blob-store';
import type { CheckpointStore } from './checkpoint-store';
import { FolderStore } from './folder-store';
import { S3Blobs } from './s3-blobs';

type StoreConfig = Pick<Config, 'checkpoints' | 'databaseUrl' | 'database' | 'dataDir'>;

/** @throws {ConfigError} When the database cannot have the checkpoints, or the package for S3 is not installed. */
export function openCheckpointStore(config: StoreConfig): CheckpointStore {
  const { checkpoints, databaseUrl, database, dataDir } = config;
  if (checkpoints === 'file') return new FolderStore(dataDir);
  if (checkpoints !== 'postgres') {
    checkInstalled(S3_SDK);
    return new BlobStore(new S3Blobs(checkpoints), dataDir);
  }
  if (databaseUrl.startsWith('file:'))
    throw new ConfigError('TIGERQL_CHECKPOINTS: expected file or s3://… with a SQLite database, got postgres');
  return new BlobStore(new ChunkBlobs(databaseUrl, database), dataDir);
}

/** An optional peer: most servers need none of it. */
const S3_SDK = '@aws-sdk/client-s3';

function checkInstalled(name: string): void {
  try {
    require.resolve(name);
  } catch {
    throw new ConfigError(`TIGERQL_CHECKPOINTS: expected ${name} to be installed, got none; run: npm install ${name}`);
  }
}
