/** Opens the checkpoint store that the configuration names. */
import { checkInstalled, type Config, ConfigError } from '../config';
import { ChunkBlobs } from '../storage/chunk-blobs';
import { BlobStore } from './blob-store';
import type { CheckpointStore } from './checkpoint-store';
import { FolderStore } from './folder-store';
import { S3Blobs, s3SettingsOf } from './s3-blobs';

type StoreConfig = Pick<
  Config,
  'checkpoints' | 's3Endpoint' | 'databaseUrl' | 'database' | 'dataDir' | 'maxCacheBytes'
>;

/** @throws {ConfigError} When the database cannot have the checkpoints, or the package for S3 is not installed. */
export function openCheckpointStore(config: StoreConfig): CheckpointStore {
  const { checkpoints, s3Endpoint, databaseUrl, database, dataDir } = config;
  if (checkpoints === 'file') return new FolderStore(dataDir);
  if (checkpoints !== 'postgres') {
    checkInstalled('TIGERQL_CHECKPOINTS', ['@aws-sdk/client-s3']);
    return new BlobStore(new S3Blobs(s3SettingsOf(checkpoints, s3Endpoint)), config);
  }
  if (databaseUrl.startsWith('file:'))
    throw new ConfigError('TIGERQL_CHECKPOINTS: expected file or s3://… with a SQLite database, got postgres');
  return new BlobStore(new ChunkBlobs(databaseUrl, database), config);
}
