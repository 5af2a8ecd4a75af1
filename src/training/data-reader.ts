/** Reads what a job trains on in a thread of its own: millions of interactions would hold the event loop up for seconds. */
import { join } from 'node:path';

import type { Config } from '../config';
import { PACKAGE_ROOT } from '../paths';
import type { TrainRequest } from '../workers/messages';
import { openWorker } from '../workers/spawn-worker';
import type { DataProtocol } from './data-protocol';
import type { DataScope } from './training-data';

const WORKER = join(PACKAGE_ROOT, 'dist', 'src', 'training', 'data-worker.js');

/**
 * Does the same as `buildTrainRequest`. Nothing of the data is copied or even looked at by the caller's thread.
 *
 * @throws {DatabaseError} When the database does not answer.
 */
export async function readInThread(
  { databaseUrl, database }: Pick<Config, 'databaseUrl' | 'database'>,
  { id, config, tokenizerId, lastItemId, lastInteractionId }: DataScope,
  jobDir: string,
  signal: AbortSignal,
): Promise<TrainRequest> {
  const worker = openWorker<DataProtocol>(WORKER);
  const job = { id, config, tokenizerId, lastItemId, lastInteractionId };
  try {
    return await worker.call({ type: 'read', databaseUrl, database, job, jobDir }, [], { signal });
  } finally {
    await worker.dispose();
  }
}
