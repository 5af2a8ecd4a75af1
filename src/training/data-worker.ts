/** Worker thread that reads what a job trains on, over a connection of its own. */
import { messageOf } from '../message-of';
import { openForReading } from '../storage/database';
import { DatabaseError, isDatabaseFault } from '../storage/database-error';
import { LOWEST_PRIORITY, lowerThreadPriority } from '../workers/machine-share';
import { buffersOf } from '../workers/packed-data';
import { serveWorker } from '../workers/serve-worker';
import { buildTrainRequest, checkTrainRequest, type DataProtocol } from './training-data';

serveWorker<DataProtocol>({
  read: async ({ databaseUrl, database: settings, job, jobDir }, { signal, emit, transfer }) => {
    lowerThreadPriority(LOWEST_PRIORITY);
    const database = await openForReading(databaseUrl, settings);
    try {
      const request = await buildTrainRequest(database, job, jobDir, { signal, onProgress: emit });
      checkTrainRequest(request); // here, since it reads every history
      transfer.push(...buffersOf(request));
      return request;
    } catch (error) {
      // Only the name of an error crosses the thread: the caller is to know that the database gave no answer.
      throw isDatabaseFault(error) ? new DatabaseError(messageOf(error)) : error;
    } finally {
      await database.dispose();
    }
  },
});
